// Select words, choose a field: a value or a record that the machine did not find.
"use strict";

(() => {
  const { make, wording } = Review;
  const { fields } = Review.vocabulary;

  /** Kind of record -> what is asked of a new one. */
  const NEW_RECORDS = {
    result: [
      "endpoint",
      "statistic",
      "value",
      "unit",
      "ci_low",
      "ci_high",
      "ci_level",
      "p_value",
      "arm",
      "timepoint",
      "subgroup",
      "numerator",
      "denominator",
      "assessor",
      "analysis",
    ],
    trial: ["name", "focus"],
    arm: ["role", "interventions", "n"],
    endpoint: ["endpoint", "rank"],
    event: ["agency", "action", "date"],
  };

  /** Everything that could be added: a new record, an item of a list, an empty field. */
  const targets = (tree, selected) => {
    const found = [];
    const trials = tree.lists.trials.filter((each) => !each.removed);
    const record = selected ? Review.recordOf(tree, selected) : null;
    if (record && record.kind === "result" && !record.removed) {
      const empty = Object.keys(record.leaves).filter((name) => record.leaves[name] === null && name !== "value_text");
      found.push([
        `${wording.pointer(tree, record.address)}`,
        empty.map((name) => [`${record.address}/${name}`, wording.label(name)]),
      ]);
    }
    trials.forEach((trial, at) => {
      const name = trial.leaves.name ? Review.showLine(trial.leaves.name) : `Trial ${at + 1}`;
      found.push([name, trialTargets(trial)]);
      trial.lists.arms
        .filter((arm) => !arm.removed)
        .forEach((arm, place) => {
          const own = [[`${arm.address}/interventions/-`, "Intervention"]];
          if (arm.leaves.n === null) {
            own.push([`${arm.address}/n`, "Patients"]);
          }
          found.push([`${name}, arm ${place + 1}`, own]);
        });
    });
    found.push([
      "Article",
      [
        ["/unattributed_results/-", "Result of no known trial"],
        ["/trials/-", "Trial"],
      ],
    ]);
    return found;
  };

  const trialTargets = (trial) => {
    const own = [
      [`${trial.address}/results/-`, "Result"],
      [`${trial.address}/arms/-`, "Arm"],
      [`${trial.address}/endpoints/-`, "Declared endpoint"],
      [`${trial.address}/regulatory_events/-`, "Regulatory event"],
    ];
    for (const [name, described] of Object.entries(fields.trial)) {
      if (described.kind !== "list" && trial.leaves[name] === null) {
        own.push([`${trial.address}/${name}`, wording.label(name)]);
      } else if (described.kind === "list" && !(described.items in fields)) {
        own.push([`${trial.address}/${name}/-`, wording.label(name)]);
      }
    }
    return own;
  };

  const chooser = (tree, selected) =>
    make(
      "select",
      { name: "target" },
      targets(tree, selected).map(([group, options]) =>
        make(
          "optgroup",
          { label: group },
          options.map(([value, label]) => make("option", { value }, `${group}: ${label}`)),
        ),
      ),
    );

  /** The first number of the words, or the words: what the value most likely is. */
  const guess = (described, span, words) => {
    if (described.kind === "number" || described.kind === "integer") {
      const [number] = words.within([span]);
      return number ? number.value : null;
    }
    return described.kind === "text" ? span.text.replace(/\s+/g, " ").trim() : null;
  };

  const controls = (editing, pointer, span) => {
    const { tree, words } = editing.result;
    const place = Review.describePlace(tree, pointer);
    if (!place.kind) {
      const value = guess(place.described, span, words);
      return [
        Review.labelled(
          wording.label(place.name),
          Review.controlFor("value", place.name, { ...place.described, required: true }, value),
        ),
      ];
    }
    return NEW_RECORDS[place.kind].map((name) => {
      const described = fields[place.kind][name];
      const isList = described.kind === "list";
      const isMain = name === "value" || name === "name" || name === "interventions";
      const value = isMain ? guess(isList ? { kind: "text" } : described, span, words) : null;
      const control = Review.controlFor(name, name, isList ? { kind: "text" } : described, value);
      return Review.labelled(wording.label(name), control, isList ? "Several: join them with +" : "");
    });
  };

  const readRecord = (kind, form) => {
    const record = {};
    for (const name of NEW_RECORDS[kind]) {
      const described = fields[kind][name];
      const given = Review.readControl(described.kind === "list" ? { kind: "text" } : described, form.get(name));
      if (given !== null) {
        record[name] =
          described.kind === "list"
            ? given
                .split("+")
                .map((each) => each.trim())
                .filter(Boolean)
            : given;
      }
    }
    return record;
  };

  /** Ask which field the selected words fill, and with what. */
  Review.askAddition = (editing, span) => {
    if (!span) {
      Review.say("Select the words in the text first, then press +.", "problem");
      return;
    }
    const { tree } = editing.result;
    const target = chooser(tree, editing.page.state.selected);
    const form = make("div.fields", {});
    const fill = () => form.replaceChildren(...controls(editing, target.value, span));
    target.addEventListener("change", fill);
    fill();
    const dialog = Review.ask(
      "Add a value",
      [make("q", {}, Review.showLine(span.text)), Review.labelled("Field", target), form],
      "Add",
      (given) => {
        const pointer = given.get("target");
        const place = Review.describePlace(tree, pointer);
        const value = place.kind
          ? readRecord(place.kind, given)
          : Review.readControl(place.described, given.get("value"));
        return value === null ? "Give a value." : editing.correct("add", pointer, value, [span]);
      },
    );
    dialog.classList.add("is-wide");
  };
})();
