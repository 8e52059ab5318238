// What a reviewer takes home: the corrections, a labelled case, the corrected summary.
"use strict";

(() => {
  const LEFT_OUT = new Set(["value_text"]);

  const prune = (value) => {
    if (Array.isArray(value)) {
      return value.map(prune);
    }
    if (value === null || typeof value !== "object") {
      return value;
    }
    const kept = {};
    for (const [name, each] of Object.entries(value)) {
      const isEmpty = each === null || (Array.isArray(each) && !each.length);
      if (!LEFT_OUT.has(name) && !isEmpty) {
        kept[name] = prune(each);
      }
    }
    return kept;
  };

  const isRecords = (value) => Array.isArray(value) && value.length > 0 && typeof value[0] === "object";

  /** JSON as labellers write it: records opened up, a row on one line. */
  const write = (value, depth) => {
    const margin = "\n".padEnd(depth + 2);
    const isOpen =
      isRecords(value) || (!Array.isArray(value) && typeof value === "object" && (depth === 0 || "focus" in value));
    if (!isOpen) {
      return JSON.stringify(value);
    }
    const items = Array.isArray(value)
      ? value.map((each) => write(each, depth + 1))
      : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${write(each, depth + 1)}`);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return `${open}${margin}${items.join(`,${margin}`)}${"\n".padEnd(depth + 1)}${close}`;
  };

  /** Name of the case folder for a source. */
  Review.caseName = (source) => {
    const parts = (source.name || "article").split("/");
    const file = parts.pop().replace(/\.gz$/, "");
    const stem = /^article\./.test(file) && parts.length ? parts.pop() : file.replace(/\.[^.#]*(?=#|$)/, "");
    return (
      stem
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "") || "case"
    );
  };

  /** gold.json of a summary: what the record says, without what is absent. */
  Review.goldText = (summary) => {
    const gold = {
      case: Review.caseName(summary.source),
      trials: prune(summary.trials),
      unattributed_results: prune(summary.unattributed_results),
      truncations: prune(summary.truncations),
    };
    return `${write(gold, 0)}\n`;
  };

  /** The corrected summary on one line, as in summaries.jsonl. */
  Review.summaryText = (summary) => `${JSON.stringify(summary)}\n`;

  const TYPES = { lines: "application/x-ndjson", json: "application/json" };

  /** What can be taken home from the page of an article. */
  Review.showExports = (page) => {
    const name = Review.caseName(page.summary.source);
    const corrected = () => page.state.result.finish();
    const files = [
      [
        "Corrections",
        "For 'summarizer batch' and for other reviewers.",
        () => Review.download(`${name}.corrections.jsonl`, Review.asLines(page.store.all()), TYPES.lines),
      ],
      [
        "Labelled case",
        "gold.json, for 'summarizer eval'.",
        () => Review.download("gold.json", Review.goldText(corrected()), TYPES.json),
      ],
      [
        "Corrected summary",
        "One line, as in summaries.jsonl.",
        () => Review.download(`${name}.summary.jsonl`, Review.summaryText(corrected()), TYPES.lines),
      ],
    ];
    const choice = ([label, hint, run]) =>
      Review.make(
        "p",
        {},
        Review.make("button.quiet", { type: "button", click: run }, label),
        Review.make("span.hint", {}, hint),
      );
    Review.ask("Export", [Review.make("div.choices", {}, files.map(choice))], "", null);
  };
})();
