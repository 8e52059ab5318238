// Codes of the record in a reader's words.
"use strict";

(() => {
  const LABELS = {
    name: "Name",
    aliases: "Also called",
    registry_ids: "Registry",
    focus: "Focus",
    sponsors: "Sponsor",
    phases: "Phase",
    status: "Status",
    allocation: "Allocation",
    masking: "Masking",
    intervention_model: "Model",
    multicenter: "Multicentre",
    international: "International",
    registrational: "Registrational",
    conditions: "Condition",
    biomarkers: "Biomarkers",
    settings: "Setting",
    prior_therapies: "Prior therapy",
    enrollment: "Enrolment",
    enrollment_type: "Enrolment type",
    presented_at: "Presented at",
    arms: "Arms",
    endpoints: "Declared endpoints",
    results: "Results",
    regulatory_events: "Regulatory events",
    ci_low: "CI, lower bound",
    ci_high: "CI, upper bound",
    ci_level: "CI level",
    p_value: "P value",
    value_text: "As printed",
    n: "Patients",
    numerator: "Patients with event",
    denominator: "Patients at risk",
    unattributed_results: "Unattributed results",
    truncations: "Damaged passages",
    timepoint: "Time",
  };

  const SINGULAR = {
    trials: "trial",
    results: "result",
    arms: "arm",
    endpoints: "endpoint",
    regulatory_events: "event",
    unattributed_results: "unattributed result",
    truncations: "damaged passage",
    interventions: "intervention",
  };

  const TRUNCATIONS = {
    CUT_SENTENCE: "sentence stops midway",
    CUT_END: "article stops midway",
    CUT_START: "beginning is missing",
    GAP: "words are missing",
    LOST_ANTECEDENT: "what it reports on was cut away",
  };

  const SUPPORTS = {
    QUOTED: "The words stand in the text.",
    NUMBER: "The same number stands in the text, digit for digit.",
    CUE: "This wording stands for the value.",
    DERIVED: "It follows from other values; these are the words that they rest on.",
  };

  const FLAGS = {
    "ci-excludes-estimate":
      "The confidence interval does not hold the estimate. One of the numbers may be misread or misprinted.",
    "ci-bounds-reversed": "The lower bound is above the upper one.",
    "ci-off-centre":
      "The estimate does not stand where an interval of its kind has it. One of the numbers may be misread.",
    "p-against-ci": "By the P value there is a difference, by the interval there is none, or the other way round.",
    "hr-against-medians": "The hazard ratio favours one arm, the medians the other. The arms may be swapped.",
    "percentage-against-counts": "The count and its denominator do not give the percentage.",
    "implied-denominator": "The text gives no count with this rate; its exact interval fits one number of patients only.",
    "arms-against-enrollment": "The sizes of the arms do not add up to the enrolment.",
    "headline-against-body": "Headline and body say different things.",
    "unverified":
      "A model said it, and the text, read again without the model, does not say so or says otherwise. Look closely.",
    "reported-twice": "The same estimate is reported twice with different values. It may be an update or a slip.",
    "unknown-near-cut":
      "The field is empty, but text is missing nearby: the value may have been lost. Empty means unknown, not absent.",
    "trial-unknown": "The text does not tell which trial the number belongs to, so it was given to none.",
  };

  const STATES = {
    accepted: "accepted",
    edited: "edited",
    added: "added",
    deleted: "deleted",
    moved: "moved",
    conflict: "in conflict",
  };

  /** Of a table, not of what every object has: names may come from an article. */
  const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : "");

  const words = (code) => code.replaceAll("_", " ").toLowerCase();

  Review.wording = {
    label: (name) => own(LABELS, name) || words(name).replace(/^./, (first) => first.toUpperCase()),
    truncation: (kind) => own(TRUNCATIONS, kind) || words(kind),
    support: (code) => own(SUPPORTS, code),
    flag: (code) => own(FLAGS, code),
    state: (name) => own(STATES, name) || name,
    words,

    /** A number without the noise of binary fractions. */
    number: (value) => String(Number(value.toPrecision(12))),

    /** A value as people read it. */
    value(name, value) {
      if (value === true) {
        return "yes";
      }
      if (value === false) {
        return name === "reached" ? "not reached" : "no";
      }
      if (typeof value === "number") {
        return name === "enrollment" || name === "n" ? value.toLocaleString("en") : Review.wording.number(value);
      }
      if (name === "phases") {
        return value.replace("EARLY_PHASE1", "early 1").replace(/^PHASE/, "");
      }
      if (name === "masking") {
        return value === "NONE" ? "open label" : `${words(value)}-blind`;
      }
      return /^[A-Z][A-Z0-9_]+$/.test(value) && name !== "endpoint" && name !== "name" && Review.wording.isChoice(name)
        ? words(value)
        : Review.showLine(value);
    },

    isChoice: (name) =>
      Object.values((Review.vocabulary || { fields: {} }).fields).some(
        (fields) => name in fields && (fields[name].kind === "choice" || fields[name].items === "choice"),
      ),

    /** A pointer in words: "LARKSPUR-1 › result 3 › value". */
    pointer(tree, pointer) {
      const parts = pointer.split("/").slice(1);
      const said = [];
      let at = "";
      parts.forEach((part, place) => {
        at += `/${part}`;
        const entry = tree.entries.get(at);
        if (entry && entry.kind === "trial") {
          said.splice(
            -1,
            1,
            entry.leaves.name ? Review.showLine(entry.leaves.name) : `trial ${Review.ordinal(tree, entry)}`,
          );
        } else if (entry) {
          said.splice(
            -1,
            1,
            `${own(SINGULAR, parts[place - 1]) || words(parts[place - 1])} ${Review.ordinal(tree, entry)}`,
          );
        } else {
          said.push(Review.show(own(SINGULAR, part) || words(own(LABELS, part) || part)));
        }
      });
      return said.join(" › ") || "the whole article";
    },
  };

  /** Place of an entry in its list, counted from 1 as people do. */
  Review.ordinal = (tree, entry) => {
    const [above] = Review.splitPointer(entry.address);
    const list = tree.listAt(above);
    const at = list ? list.held.indexOf(entry) : -1;
    return at < 0 ? "(added)" : at + 1;
  };
})();
