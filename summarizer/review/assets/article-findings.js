// What a careful reader should look at: conflicts, flags, damage, what was rejected; and how the record was made.
"use strict";

(() => {
  const { make, wording } = Review;
  const ORDER = ["ERROR", "WARNING", "INFO"];
  const SEVERITIES = { ERROR: "Error", WARNING: "Warning", INFO: "Note" };

  const link = (tree, address, actions) =>
    make("button.link", { type: "button", click: () => actions.pick(address) }, wording.pointer(tree, address));

  const section = (id, title, count, isOpen, ...children) =>
    make(
      "details.finding",
      { id, open: isOpen },
      make("summary", {}, make("span", {}, title), make("span.number", {}, String(count))),
      ...children,
    );

  /** Flags of one kind: what it means once, then each place. */
  const flagGroup = (result, code, flags, actions) => {
    const worst = ORDER.find((severity) => flags.some((each) => each.severity === severity)) || "INFO";
    return make(
      "details.flag-group",
      { open: worst === "ERROR", "data-severity": worst },
      make(
        "summary",
        {},
        make("span.severity", {}, SEVERITIES[worst] || worst),
        Review.showLine(code).replaceAll("-", " "),
        make("span.number", {}, String(flags.length)),
      ),
      wording.flag(code) ? make("p.hint", {}, wording.flag(code)) : null,
      make(
        "ul.list",
        {},
        flags.map((flag) =>
          make(
            "li",
            {},
            flag.pointer ? [link(result.base, flag.pointer, actions), ": "] : null,
            Review.showLine(flag.message),
          ),
        ),
      ),
    );
  };

  const flags = (result, summary, actions) => {
    if (!summary.flags.length) {
      return null;
    }
    const groups = new Map();
    summary.flags.forEach((flag) => groups.set(flag.code, [...(groups.get(flag.code) || []), flag]));
    const rank = (found) => Math.min(...found.map((each) => (ORDER.indexOf(each.severity) + 4) % 4));
    const sorted = [...groups].sort((one, two) => rank(one[1]) - rank(two[1]));
    return section(
      "flags",
      "Flags",
      summary.flags.length,
      true,
      sorted.map(([code, found]) => flagGroup(result, code, found, actions)),
    );
  };

  const truncations = (result, actions) => {
    const entries = result.tree.lists.truncations;
    if (!entries.length) {
      return null;
    }
    const item = (entry) => {
      const row = make(
        "li",
        { "data-address": entry.address },
        make(
          "button.link.quote",
          { type: "button", click: () => actions.pick(`${entry.address}/text`) },
          `“${Review.showLine(entry.leaves.text)}”`,
        ),
        " ",
        actions.values.field(entry, "kind", wording.truncation(entry.leaves.kind)),
        " ",
        actions.values.state(entry.address) === "deleted" ? make("span.state", {}, "not damaged") : null,
      );
      row.classList.toggle("is-removed", entry.removed);
      return row;
    };
    return section("truncations", "Damaged passages", entries.length, true, make("ul.list", {}, entries.map(item)));
  };

  const rejected = (result, summary) =>
    summary.rejected.length
      ? section(
          "rejected",
          "Rejected claims",
          summary.rejected.length,
          false,
          make("p.hint", {}, "Proposed for the record, but the text does not support them, so they were kept out."),
          make(
            "ul.list",
            {},
            summary.rejected.map((each) =>
              make(
                "li",
                {},
                make("span.rejected-value", {}, Review.showLine(each.value)),
                make("span", {}, ` for ${wording.pointer(result.base, each.pointer)}`),
                make("p.hint", {}, Review.showLine(each.reason)),
              ),
            ),
          ),
        )
      : null;

  const side = (conflict, correction, actions) =>
    make(
      "li",
      {},
      make("strong", {}, Review.showLine(correction.reviewer)),
      ` ${Review.describeCorrection(correction)} `,
      make(
        "button.small",
        { type: "button", click: () => actions.choose(conflict, correction) },
        `Take ${Review.showLine(correction.reviewer)}’s`,
      ),
    );

  const conflicts = (result, actions) =>
    result.conflicts.length
      ? section(
          "conflicts",
          "Conflicts between reviewers",
          result.conflicts.length,
          true,
          make("p.hint", {}, "Reviewers disagree. Until one is taken, the machine’s value stands."),
          result.conflicts.map((conflict) =>
            make(
              "div.conflict",
              {},
              conflict.pointer ? link(result.base, conflict.pointer, actions) : "the whole article",
              make(
                "ul.sides",
                {},
                conflict.sides.map((each) => side(conflict, each, actions)),
              ),
            ),
          ),
        )
      : null;

  const leftOut = (result) =>
    result.leftOut.length
      ? section(
          "left-out",
          "Corrections that no longer fit",
          result.leftOut.length,
          true,
          make(
            "ul.list",
            {},
            result.leftOut.map(({ correction, reason }) =>
              make(
                "li",
                {},
                `${Review.showLine(correction.reviewer)} ${Review.describeCorrection(correction)} `,
                `(${Review.show(correction.pointer)})`,
                make("p.hint", {}, Review.showLine(reason)),
              ),
            ),
          ),
        )
      : null;

  /** "says 0.63", "deletes it". */
  Review.describeCorrection = (correction) => {
    const value = correction.value;
    const shown = typeof value === "object" ? "a new entry" : `“${Review.showLine(value)}”`;
    switch (correction.operation) {
      case "accept":
        return "says it is right as it stands";
      case "delete":
        return "deletes it";
      case "move":
        return "moves it to another place";
      case "mark_truncation":
        return "marks a damaged passage";
      default:
        return `says ${shown}`;
    }
  };

  Review.findings = (result, summary, actions) => {
    const found = [
      conflicts(result, actions),
      leftOut(result),
      flags(result, summary, actions),
      truncations(result, actions),
      rejected(result, summary),
    ].filter(Boolean);
    return found.length
      ? make("section.card.findings", { "aria-label": "To look at" }, make("h2", {}, "To look at"), found)
      : null;
  };

  const row = (label, value) => (value ? [make("dt", {}, label), make("dd", {}, value)] : null);

  /** How the record was made. */
  Review.provenance = (summary) => {
    const { run, source } = summary;
    const { tokens } = run;
    const cost = run.cost === null ? "not known" : `$${run.cost.toFixed(4)}`;
    return make(
      "details.card.provenance",
      {},
      make("summary", {}, "How this record was made"),
      make(
        "dl.facts",
        {},
        row("Engine", `${run.engine}, ${Review.showLine(run.engine_reason)}`),
        row("Model", run.model && Review.showLine(run.model)),
        row("Prompt", run.prompt && Review.showLine(run.prompt)),
        row(
          "Calls",
          run.attempts.length
            ? run.attempts.map((each) => `${each.purpose}: ${Review.showLine(each.outcome)}`).join("; ")
            : null,
        ),
        row(
          "Tokens",
          tokens.input + tokens.output
            ? `${tokens.input.toLocaleString("en")} in, ${tokens.output.toLocaleString("en")} out`
            : null,
        ),
        row("Cost", run.model ? cost : "none"),
        row("Time", `${run.seconds.toFixed(2)} s${run.cached ? ", from the cache" : ""}`),
        row(
          "Versions",
          Object.entries(run.versions)
            .map((each) => each.map(Review.showLine).join(" "))
            .join(", "),
        ),
        row("File", source.name && Review.showLine(source.name)),
        row("Address", source.url && Review.showLine(source.url)),
        row("Published", source.published && Review.showLine(source.published)),
        row("Loading", source.notes.map(Review.showLine).join("; ")),
        row("Text", `${source.characters.toLocaleString("en")} characters, SHA-256 ${source.sha256.slice(0, 16)}…`),
      ),
    );
  };
})();
