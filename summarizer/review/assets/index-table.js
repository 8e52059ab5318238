// The table of articles: a page of rows at a time, so that thousands are no more work than fifty.
"use strict";

(() => {
  const { make } = Review;
  const PAGE = 50;

  const sum = (counts) => Object.values(counts).reduce((total, each) => total + each, 0);

  /** Column -> heading, and what it is sorted by. */
  Review.COLUMNS = {
    article: { label: "Article", by: (row) => row.sortName },
    phase: { label: "Phase", by: (row) => row.phases.join("/") },
    main: { label: "Main result", by: (row) => row.main },
    results: { label: "Results", by: (row) => row.results, isNumber: true },
    flags: { label: "Flags", by: (row) => sum(row.flags), isNumber: true },
    truncations: { label: "Damaged", by: (row) => row.truncations, isNumber: true },
    rejected: { label: "Rejected", by: (row) => row.rejected, isNumber: true },
    review: { label: "Review", by: (row) => row.review.count + (row.review.accepted ? 1e6 : 0), isNumber: true },
  };

  Review.sortRows = (rows, { column, isDown }) => {
    if (!column) {
      return rows;
    }
    const { by } = Review.COLUMNS[column];
    const keyed = rows.map((row) => [by(row), row]);
    const order = isDown ? -1 : 1;
    keyed.sort((one, two) => (one[0] < two[0] ? -order : one[0] > two[0] ? order : one[1].number - two[1].number));
    return keyed.map((each) => each[1]);
  };

  const heading = (name, view) => {
    const { label, isNumber } = Review.COLUMNS[name];
    const isSorted = view.sort.column === name;
    const direction = view.sort.isDown ? "descending" : "ascending";
    return make(
      `th.col-${name}`,
      { scope: "col", "aria-sort": isSorted ? direction : null },
      make(
        "button.sort",
        { type: "button", click: () => view.choose("sort", nextSort(view.sort, name, isNumber)) },
        label,
        make("span.arrow", { "aria-hidden": "true" }, isSorted ? (view.sort.isDown ? "↓" : "↑") : ""),
      ),
    );
  };

  /** Numbers are looked at from the largest down; a third click gives the order of the run again. */
  const nextSort = (sort, name, isNumber) => {
    if (sort.column !== name) {
      return { column: name, isDown: Boolean(isNumber) };
    }
    return sort.isDown === Boolean(isNumber) ? { column: name, isDown: !isNumber } : { column: "", isDown: false };
  };

  const number = (value, className, title) =>
    value ? make(`span${className}`, { title }, value.toLocaleString("en")) : make("span.none", {}, "–");

  const reviewed = (row) => {
    if (row.review.accepted) {
      return make("span.done", {}, "accepted");
    }
    return row.review.count
      ? make("span", {}, Review.count(row.review.count, "correction"))
      : make("span.none", {}, "–");
  };

  const line = (row) => {
    const name = row.title || row.source;
    const flags = Object.entries(row.flags).map(([code, count]) => `${count} ${code}`);
    return make(
      "tr",
      { "data-page": row.page },
      make(
        "th.col-article",
        { scope: "row" },
        make("a", { href: `articles/${row.page}` }, Review.showLine(row.trials.length ? row.trials.join(", ") : name)),
        make("span.hint", {}, Review.showLine(name)),
        row.has_text ? null : make("span.tag", {}, "no text"),
      ),
      make("td.col-phase", {}, row.phases.join(", ") || make("span.none", {}, "–")),
      make("td.col-main", {}, row.main ? Review.showLine(row.main) : make("span.none", {}, "–")),
      make(
        "td.col-results",
        {},
        number(row.results, "", ""),
        row.unattributed
          ? make("span.orphan", { title: `${row.unattributed} of no known trial` }, ` (${row.unattributed})`)
          : null,
      ),
      make("td.col-flags", {}, number(sum(row.flags), ".flagged", flags.join(", "))),
      make("td.col-truncations", {}, number(row.truncations, ".cut", "damaged passages")),
      make("td.col-rejected", {}, number(row.rejected, "", "rejected claims")),
      make("td.col-review", {}, reviewed(row)),
    );
  };

  Review.pages = (rows) => Math.max(1, Math.ceil(rows.length / PAGE));

  const pager = (rows, view) => {
    const last = Review.pages(rows) - 1;
    const from = view.page * PAGE;
    const button = (label, page) =>
      make(
        "button.small",
        { type: "button", disabled: page < 0 || page > last, click: () => view.choose("page", page) },
        label,
      );
    return make(
      "nav.pager",
      { "aria-label": "Pages of articles" },
      button("Previous", view.page - 1),
      make(
        "span.hint",
        {},
        rows.length
          ? `${from + 1}–${Math.min(rows.length, from + PAGE)} of ${rows.length.toLocaleString("en")}`
          : "none",
      ),
      button("Next", view.page + 1),
    );
  };

  /** The table of the rows that are left, at the page that is looked at. */
  Review.table = (rows, view) => {
    const shown = rows.slice(view.page * PAGE, (view.page + 1) * PAGE);
    return [
      make(
        "div.table-box.card",
        {},
        make(
          "table.articles",
          {},
          make("caption.for-readers", {}, "Articles"),
          make(
            "thead",
            {},
            make(
              "tr",
              {},
              Object.keys(Review.COLUMNS).map((name) => heading(name, view)),
            ),
          ),
          make("tbody", {}, shown.map(line)),
        ),
        shown.length ? null : make("p.notice", {}, "No article fits. Clear the search or a filter."),
      ),
      pager(rows, view),
    ];
  };
})();
