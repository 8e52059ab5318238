// Three charts of what the filters leave: results by endpoint, hazard ratios, flags by kind.
"use strict";

(() => {
  const { make, draw } = Review;
  const BARS = 8;
  const RATIOS = 9;
  const TICKS = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10];

  const tally = (rows, name) => {
    const counts = new Map();
    rows.forEach((row) =>
      Object.entries(row[name]).forEach(([key, number]) => counts.set(key, (counts.get(key) || 0) + number)),
    );
    return [...counts].sort((one, two) => two[1] - one[1] || (one[0] < two[0] ? -1 : 1));
  };

  const bar = (share, label) =>
    draw(
      "svg",
      {
        class: "bar-line",
        viewBox: "0 0 100 8",
        preserveAspectRatio: "none",
        "aria-hidden": "true",
        focusable: "false",
      },
      draw("rect", { x: 0, y: 0, width: Math.max(1, 100 * share), height: 8, rx: 1 }),
      draw("title", {}, document.createTextNode(label)),
    );

  /** A table whose last column is a bar: it is its own alternative. */
  const bars = (title, counts, chosen, choose, none) => {
    const most = counts.length ? counts[0][1] : 1;
    const shown = counts.slice(0, BARS);
    const rest = counts.slice(BARS).reduce((sum, each) => sum + each[1], 0);
    const row = ([key, number]) =>
      make(
        "tr",
        {},
        make(
          "th",
          { scope: "row" },
          make(
            "button.link",
            { type: "button", "aria-pressed": String(chosen === key), click: () => choose(chosen === key ? "" : key) },
            Review.showLine(key),
          ),
        ),
        make("td.number", {}, number.toLocaleString("en")),
        make("td.line", {}, bar(number / most, `${key}: ${number}`)),
      );
    return make(
      "section.card.chart",
      {},
      make("h2", {}, title),
      counts.length
        ? make("table.bars", {}, make("caption.for-readers", {}, title), make("tbody", {}, shown.map(row)))
        : make("p.hint", {}, none),
      rest
        ? make("p.hint", {}, `${rest.toLocaleString("en")} more of ${Review.count(counts.length - BARS, "other kind")}`)
        : null,
    );
  };

  /** Place of a ratio on the logarithmic axis, in percent of its width. */
  const scale = (ratios) => {
    const values = ratios.flatMap((each) => [each.low, each.high]);
    const low = Math.max(0.05, Math.min(0.45, ...values));
    const high = Math.min(20, Math.max(1.6, ...values));
    const span = Math.log(high) - Math.log(low);
    return (value) => 2 + (96 * (Math.log(Math.min(high, Math.max(low, value))) - Math.log(low))) / span;
  };

  const percent = (number) => `${number.toFixed(2)}%`;

  const ticks = (x) => TICKS.filter((tick) => x(tick) > 3 && x(tick) < 97).map((tick) => [tick, percent(x(tick))]);

  const rulers = (x) =>
    ticks(x).map(([tick, at]) =>
      draw("line", { class: tick === 1 ? "null-line" : "tick", x1: at, x2: at, y1: 0, y2: "100%" }),
    );

  const whiskers = (ratio, x) => {
    const favours = ratio.high < 1 ? "is-below" : ratio.low > 1 ? "is-above" : "is-open";
    const [low, high, value] = [ratio.low, ratio.high, ratio.value].map((each) => percent(x(each)));
    return draw(
      "svg",
      { class: "whiskers", "aria-hidden": "true", focusable: "false" },
      ...rulers(x),
      draw(
        "g",
        { class: favours },
        draw("line", { x1: low, x2: high, y1: "50%", y2: "50%" }),
        draw("line", { x1: low, x2: low, y1: "32%", y2: "68%" }),
        draw("line", { x1: high, x2: high, y1: "32%", y2: "68%" }),
        draw("circle", { cx: value, cy: "50%", r: 4 }),
      ),
    );
  };

  const axis = (x) =>
    draw(
      "svg",
      { class: "axis", "aria-hidden": "true", focusable: "false" },
      ...ticks(x).map(([tick, at]) =>
        draw("text", { x: at, y: 11, "text-anchor": "middle" }, document.createTextNode(String(tick))),
      ),
    );

  const ratiosOf = (rows) =>
    rows.flatMap((row) =>
      row.ratios.map(([trial, endpoint, value, low, high, pointer, group]) => ({
        row,
        trial,
        endpoint,
        value,
        low,
        high,
        pointer,
        group,
      })),
    );

  const print = (value) => value.toFixed(2);

  /** Hazard ratios with their intervals on a logarithmic axis; each line leads to its value. */
  const forest = (rows, page, turn) => {
    const ratios = ratiosOf(rows);
    const pages = Math.max(1, Math.ceil(ratios.length / RATIOS));
    const current = Math.min(page, pages - 1);
    const shown = ratios.slice(current * RATIOS, (current + 1) * RATIOS);
    const x = scale(shown);
    const line = (ratio) =>
      make(
        "tr",
        {},
        make(
          "th",
          {
            scope: "row",
            title: [ratio.trial, ratio.endpoint, ratio.group].filter(Boolean).map(Review.showLine).join(", "),
          },
          make(
            "a",
            { href: `articles/${ratio.row.page}#${encodeURIComponent(`${ratio.pointer}/value`)}` },
            Review.showLine(ratio.trial),
          ),
          make(
            "span.hint",
            {},
            [ratio.endpoint, ratio.group]
              .filter(Boolean)
              .map((each) => ` ${Review.showLine(each)}`)
              .join(","),
          ),
        ),
        make("td.number", {}, print(ratio.value)),
        make("td.number.range", {}, `${print(ratio.low)}–${print(ratio.high)}`),
        make("td.plot", {}, whiskers(ratio, x)),
      );
    return make(
      "section.card.chart.is-wide",
      {},
      make("h2", {}, "Hazard ratios"),
      ratios.length
        ? make(
            "table.ratios",
            {},
            make("caption.for-readers", {}, "Hazard ratios with their intervals"),
            make(
              "thead",
              {},
              make(
                "tr",
                {},
                ["Trial", "HR", "Interval"].map((each) => make("th", { scope: "col" }, each)),
                make("td", {}),
              ),
            ),
            make("tbody", {}, shown.map(line)),
            make("tfoot", {}, make("tr", {}, make("td", { colspan: "3" }), make("td.plot", {}, axis(x)))),
          )
        : make("p.hint", {}, "No hazard ratio with an interval in these articles."),
      ratios.length > RATIOS ? turner(current, pages, ratios.length, turn) : null,
    );
  };

  const turner = (current, pages, total, turn) =>
    make(
      "p.turner",
      {},
      make("button.small", { type: "button", disabled: current === 0, click: () => turn(current - 1) }, "Previous"),
      make(
        "span.hint",
        {},
        `${current * RATIOS + 1}–${Math.min(total, (current + 1) * RATIOS)} of ${total.toLocaleString("en")}`,
      ),
      make("button.small", { type: "button", disabled: current === pages - 1, click: () => turn(current + 1) }, "Next"),
    );

  /** All charts of some rows. */
  Review.charts = (rows, view) => [
    bars(
      "Results by endpoint",
      tally(rows, "endpoints"),
      view.endpoint,
      (key) => view.choose("endpoint", key),
      "No results.",
    ),
    forest(rows, view.forestPage, (page) => view.choose("forestPage", page)),
    bars("Flags by kind", tally(rows, "flags"), view.flag, (key) => view.choose("flag", key), "No flags."),
  ];
})();
