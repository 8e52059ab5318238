// The record at the right: a card for each trial, its results as a table.
"use strict";

(() => {
  const { make, wording } = Review;
  const FACTS = [
    "aliases",
    "registry_ids",
    "sponsors",
    "phases",
    "status",
    "conditions",
    "biomarkers",
    "settings",
    "prior_therapies",
    "presented_at",
  ];
  const DESIGN = ["allocation", "masking", "intervention_model", "multicenter", "international", "registrational"];

  const joined = (parts, separator) =>
    parts.flatMap((part, at) => (at ? [make("span.separator", { "aria-hidden": "true" }, separator), part] : [part]));

  const fact = (label, parts) => {
    const shown = parts.filter(Boolean);
    return shown.length ? [make("dt", {}, label), make("dd", {}, shown)] : null;
  };

  /** Cards of all trials, and of the results that belong to none. */
  Review.RecordView = class {
    constructor(values, actions) {
      this.values = values;
      this.actions = actions;
    }

    show(tree) {
      const cards = tree.lists.trials.map((trial, at) => this.trial(trial, at));
      const orphans = tree.lists.unattributed_results;
      return [...cards, orphans.length ? this.orphans(orphans) : null];
    }

    trial(entry, at) {
      const name = entry.leaves.name;
      const heading = `trial-${at + 1}`;
      return make(
        "section.card.trial",
        {
          "aria-labelledby": heading,
          "data-address": entry.address,
          class: entry.removed ? "card trial is-removed" : "card trial",
        },
        make(
          "header.card-head",
          {},
          make(
            "h2",
            { id: heading },
            this.values.field(entry, "name") || make("span.unnamed", {}, `Trial ${at + 1}, not named`),
          ),
          this.values.field(entry, "focus"),
          this.recordMenu(entry, name ? Review.showLine(name) : `trial ${at + 1}`),
        ),
        make("dl.facts", {}, this.facts(entry)),
        this.arms(entry),
        this.results(entry.lists.results, name ? `Results of ${Review.showLine(name)}` : `Results of trial ${at + 1}`),
      );
    }

    facts(entry) {
      const { values } = this;
      const enrollment = [values.field(entry, "enrollment"), values.field(entry, "enrollment_type")];
      return [
        ...FACTS.map((name) =>
          fact(
            wording.label(name),
            values.items && name in entry.lists ? values.items(entry, name) : [values.field(entry, name)],
          ),
        ),
        fact(
          "Design",
          DESIGN.map((name) => values.field(entry, name, this.designWord(entry, name))),
        ),
        fact(wording.label("enrollment"), enrollment),
        fact(
          wording.label("endpoints"),
          entry.lists.endpoints.map((each) => this.pair(each, ["endpoint", "rank"])),
        ),
        fact(
          "Regulatory",
          entry.lists.regulatory_events.map((each) => this.pair(each, ["agency", "action", "date"])),
        ),
      ];
    }

    designWord(entry, name) {
      return entry.leaves[name] === true ? wording.label(name).toLowerCase() : undefined;
    }

    pair(entry, names) {
      const parts = names.map((name) => this.values.field(entry, name)).filter(Boolean);
      const row = make("span.group", { "data-address": entry.address }, parts, this.recordMenu(entry, "this entry"));
      row.classList.toggle("is-removed", entry.removed);
      return row;
    }

    arms(entry) {
      if (!entry.lists.arms.length) {
        return null;
      }
      const rows = entry.lists.arms.map((arm) => {
        const row = make(
          "li",
          { "data-address": arm.address },
          this.values.field(arm, "role"),
          make("span.interventions", {}, joined(this.values.items(arm, "interventions").filter(Boolean), "+")),
          arm.leaves.n === null ? null : make("span.size", {}, "n = ", this.values.field(arm, "n")),
          this.recordMenu(arm, "this arm"),
        );
        row.classList.toggle("is-removed", arm.removed);
        return row;
      });
      return [make("h3", {}, "Arms"), make("ul.arms", {}, rows)];
    }

    results(entries, caption) {
      if (!entries.length) {
        return null;
      }
      const head = ["Endpoint", "Value", "Interval", "P", "Arm, group and time", "n/N", ""];
      return make(
        "div.table-box",
        { tabindex: "0", role: "region", "aria-label": caption },
        make(
          "table.results",
          {},
          make("caption.for-readers", {}, caption),
          make(
            "thead",
            {},
            make(
              "tr",
              {},
              head.map((each) => make("th", { scope: "col" }, each || make("span.for-readers", {}, "Actions"))),
            ),
          ),
          make(
            "tbody",
            {},
            entries.map((each) => this.row(each)),
          ),
        ),
      );
    }

    row(entry) {
      const { values } = this;
      const where = ["arm", "subgroup", "timepoint", "assessor", "analysis"];
      const cells = [
        [values.field(entry, "endpoint") || make("span.none", {}, "not named"), values.field(entry, "statistic")],
        this.estimate(entry),
        this.interval(entry),
        [values.field(entry, "p_value")],
        where.map((name) => values.field(entry, name)),
        this.counts(entry),
      ];
      const row = make(
        "tr",
        { "data-address": entry.address },
        cells.map((cell, at) => make(`td.c${at}`, {}, cell)),
        make("td.c6", {}, this.recordMenu(entry, `result ${Review.ordinal(values.tree, entry)}`)),
      );
      row.classList.toggle("is-removed", entry.removed);
      row.classList.toggle("is-moved", values.states.get(entry.address) === "moved");
      return row;
    }

    estimate(entry) {
      const { values } = this;
      const { value, value_text: printed, reached } = entry.leaves;
      const unit = values.field(entry, "unit");
      if (value === null && reached === null && printed) {
        return [make("span.estimate", {}, values.field(entry, "value_text"), unit)];
      }
      const isPercent = entry.leaves.unit === "%";
      return [
        make(
          isPercent ? "span.estimate.is-percent" : "span.estimate",
          {},
          values.field(entry, "value"),
          values.field(entry, "reached"),
          unit,
        ),
      ];
    }

    interval(entry) {
      const { values } = this;
      const { ci_low: low, ci_high: high } = entry.leaves;
      if (low === null && high === null) {
        return [];
      }
      const bound = (name) => values.field(entry, name) || make("span.none", { title: "not estimable" }, "NE");
      const level = values.field(entry, "ci_level", `${entry.leaves.ci_level}%`);
      return [
        make("span.interval", {}, bound("ci_low"), make("span.separator", {}, "–"), bound("ci_high")),
        level && make("span.level", {}, level),
      ];
    }

    counts(entry) {
      const { numerator, denominator } = entry.leaves;
      if (numerator === null && denominator === null) {
        return [];
      }
      const part = (name) => this.values.field(entry, name) || make("span.none", {}, "?");
      return [make("span.fraction", {}, part("numerator"), make("span.separator", {}, "/"), part("denominator"))];
    }

    orphans(entries) {
      return make(
        "section.card.orphans",
        { "aria-labelledby": "orphans" },
        make("header.card-head", {}, make("h2", { id: "orphans" }, "Unattributed results")),
        make("p.hint", {}, "The text does not tell which trial these numbers belong to, so they are given to none."),
        this.results(entries, "Results of no known trial"),
      );
    }

    /** A small button that selects the whole record. */
    recordMenu(entry, what) {
      const state = this.values.states.get(entry.address);
      return make(
        "button.whole",
        {
          type: "button",
          "data-whole": entry.address,
          "data-state": state || null,
          "aria-label": `Whole of ${what}${state ? `, ${wording.state(state)}` : ""}`,
          title: `Select the whole of ${what}`,
          click: () => this.actions.pick(entry.address),
        },
        make("span", { "aria-hidden": "true" }, "⋯"),
      );
    }
  };
})();
