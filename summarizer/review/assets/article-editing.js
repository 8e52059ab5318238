// From what a reviewer does to a correction: accept, edit, delete, add, move, mark a truncation, undo.
"use strict";

(() => {
  const { make, wording } = Review;
  const { fields } = Review.vocabulary;

  Review.Editing = class {
    /**
     * @param {Object} page The page: its state, and what to do when a correction was made.
     */
    constructor(page) {
      this.page = page;
      this.done = [];
    }

    get result() {
      return this.page.state.result;
    }

    /** Make a correction, if its words hold it. Gives the reason why not, or null. */
    correct(operation, pointer, value, spans) {
      const { base } = this.result;
      const correction = {
        id: Review.newId(),
        article: this.page.summary.source.sha256,
        source: this.page.summary.source.name,
        reviewer: Review.reviewer(),
        time: new Date().toISOString(),
        operation,
        pointer,
        record: this.identity(pointer),
        before: this.before(operation, pointer),
        value,
        spans,
      };
      const isNew = base.find(pointer) === null && !pointer.endsWith("/-") && pointer !== "";
      const reason = isNew ? "there is no such place in the record" : this.result.whyNot(correction);
      if (reason !== null) {
        return reason;
      }
      Object.keys(correction).forEach((name) => {
        const each = correction[name];
        if (each === null || each === undefined || (Array.isArray(each) && !each.length)) {
          delete correction[name];
        }
      });
      this.keep(correction);
      return null;
    }

    async keep(correction) {
      this.done.push(correction);
      const kept = this.page.store.add(correction);
      this.page.refresh();
      const isKept = await kept;
      this.page.showBar();
      if (!isKept) {
        Review.say(
          "This correction is only in this page: it could not be saved. Export it before you leave.",
          "problem",
        );
      }
    }

    before(operation, pointer) {
      if (pointer === "" || pointer.endsWith("/-")) {
        return null;
      }
      const place = this.result.base.find(pointer);
      const isRecord = place && !place.field && place.entry.kind;
      if (!place || (isRecord && operation === "accept")) {
        return null;
      }
      return place.field ? place.entry.leaves[place.field] : Review.contentOf(place.entry);
    }

    identity(pointer) {
      const { base } = this.result;
      const at = pointer.endsWith("/-") ? Review.splitPointer(pointer.slice(0, -2))[0] : pointer;
      const record = at ? Review.recordOf(base, at) : null;
      return record ? Review.identify(base, record) : null;
    }

    withReviewer(then) {
      if (Review.reviewer()) {
        then();
      } else {
        Review.askReviewer(() => {
          this.page.refresh();
          then();
        });
      }
    }

    tell(reason, done) {
      Review.say(reason === null ? done : `Not done: ${reason}.`, reason === null ? "" : "problem");
    }

    accept(pointer) {
      this.withReviewer(() => {
        const standing = this.page.values.states.get(pointer);
        if (standing === "edited" || standing === "added") {
          Review.say("This is your own value already.");
          return;
        }
        this.tell(
          this.correct("accept", pointer, null, []),
          pointer ? "Accepted." : "Everything in this article is accepted. Press n for the next one.",
        );
        if (pointer) {
          this.page.next();
        }
      });
    }

    remove(pointer) {
      this.withReviewer(() => {
        const added = this.result.applied.find((each) => pointer === `${each.pointer.slice(0, -1)}${each.id}`);
        if (added) {
          this.withdraw(added);
          this.page.pick(null);
          return;
        }
        this.tell(this.correct("delete", pointer, null, []), "Deleted. Press u to undo.");
      });
    }

    /** The selected words, or those that the value rests on now. */
    spansFor(pointer) {
      const selected = this.page.text && this.page.text.selection();
      if (selected) {
        return [selected];
      }
      const { evidence } = this.result.tree;
      const record = Review.recordOf(this.result.tree, pointer);
      const known = evidence.get(pointer) || (record && evidence.get(`${record.address}/value`)) || [];
      return known.map(({ start, end, text }) => ({ start, end, text }));
    }

    edit(pointer) {
      this.withReviewer(() => {
        const { tree, base } = this.result;
        const place = tree.find(pointer);
        const { name, described } = Review.describePlace(tree, pointer);
        const value = place.field ? place.entry.leaves[place.field] : place.entry.leaf;
        const origin = base.find(pointer);
        const was = origin && (origin.field ? origin.entry.leaves[origin.field] : origin.entry.leaf);
        const spans = this.spansFor(pointer);
        const control = Review.controlFor("value", name, described, value);
        const save = (form) => {
          const given = Review.readControl(described, form.get("value"));
          return given === null && described.kind !== "text"
            ? "Give a value."
            : this.correct(was === null ? "add" : "edit", pointer, given, spans);
        };
        Review.ask(
          `Edit: ${wording.pointer(tree, pointer)}`,
          [Review.labelled(wording.label(name), control, this.help(tree, pointer)), this.basis(spans)],
          "Save",
          save,
        );
      });
    }

    help(tree, pointer) {
      const record = Review.recordOf(tree, pointer);
      const [, name] = Review.splitPointer(pointer);
      const described = record && fields[record.kind][name];
      return described ? described.help.replaceAll("`", "").replace(/\bNone\b/g, "empty") : "";
    }

    basis(spans) {
      return make(
        "div.basis",
        {},
        make("p.hint", {}, "It rests on these words. To take others, close this, select them in the text, then edit."),
        spans.length
          ? spans.map((span) => make("q", {}, Review.showLine(span.text)))
          : make("p.problem", {}, "No words are selected."),
      );
    }

    /** Move a result to another trial, or to another arm of its own. */
    move(pointer) {
      this.withReviewer(() => {
        const { tree } = this.result;
        const record = Review.recordOf(tree, pointer);
        const trials = tree.lists.trials.filter((each) => !each.removed);
        const home = [...trials].find((each) => each.lists.results.includes(record));
        const places = [
          ...trials.map((each, at) => [
            `${each.address}/results`,
            each.leaves.name ? Review.showLine(each.leaves.name) : `Trial ${at + 1}, not named`,
          ]),
          ["/unattributed_results", "No known trial"],
        ];
        const here = home ? `${home.address}/results` : "/unattributed_results";
        const arms = home ? this.armsOf(home) : [];
        const arm = record.leaves.arm || "";
        const known = [...new Set([arm, ...arms])].filter(Boolean);
        const armOptions = [
          ["", "none: a comparison, or the only arm"],
          ...known.map((each) => [each, Review.showLine(each)]),
        ];
        const save = (form) => this.saveMove(record, { here, there: form.get("place"), arm, newArm: form.get("arm") });
        Review.ask(
          `Move: ${wording.pointer(tree, record.address)}`,
          [
            Review.labelled("Trial", Review.select("place", places, here)),
            Review.labelled("Arm", Review.select("arm", armOptions, arm)),
          ],
          "Move",
          save,
        );
      });
    }

    /** Names of a trial's arms: by their interventions, and as its results call them. */
    armsOf(trial) {
      const listed = trial.lists.arms.map((arm) => arm.lists.interventions.map((each) => each.leaf).join(" + "));
      return [...listed, ...trial.lists.results.map((result) => result.leaves.arm)];
    }

    saveMove(record, { here, there, arm, newArm }) {
      if (there === here && newArm === arm) {
        return "Choose another trial or arm.";
      }
      let reason = null;
      if (newArm !== arm) {
        const pointer = `${record.address}/arm`;
        const origin = this.result.base.find(pointer).entry.leaves.arm;
        const operation = newArm === "" ? "delete" : origin === null ? "add" : "edit";
        reason = this.correct(operation, pointer, newArm || null, newArm ? this.armWords(record, newArm) : []);
      }
      if (reason === null && there !== here) {
        reason = this.correct("move", record.address, there, []);
      }
      return reason;
    }

    /** Where an arm is named: at its interventions, or at another result of it. */
    armWords(record, name) {
      const selected = this.page.text && this.page.text.selection();
      if (selected) {
        return [selected];
      }
      const { tree } = this.result;
      for (const [address, entry] of tree.entries) {
        const isArm = entry.kind === "arm" && entry.lists.interventions.map((each) => each.leaf).join(" + ") === name;
        const spans = isArm ? entry.lists.interventions.flatMap((each) => tree.evidence.get(each.address) || []) : [];
        const own =
          entry.kind === "result" && entry.leaves.arm === name ? tree.evidence.get(`${address}/arm`) || [] : spans;
        if (own.length) {
          return own.map(({ start, end, text }) => ({ start, end, text }));
        }
      }
      return this.spansFor(`${record.address}/value`);
    }

    /** Undo the last thing that was done here. */
    undo() {
      const last = this.done.pop();
      if (!last) {
        Review.say("There is nothing to undo.");
        return;
      }
      this.withdraw(last);
      Review.say("Undone.");
    }

    /** Take a correction back: forgotten where nobody has seen it, else withdrawn by another line. */
    withdraw(correction) {
      this.done = this.done.filter((each) => each.id !== correction.id);
      if (!this.page.store.drop(correction.id)) {
        const { article, source } = correction;
        const withdrawal = {
          id: Review.newId(),
          article,
          source,
          reviewer: Review.reviewer(),
          time: new Date().toISOString(),
          operation: "withdraw",
          pointer: correction.pointer,
          withdraws: correction.id,
        };
        this.page.store.add(withdrawal).then(() => this.page.showBar());
      }
      this.page.refresh();
    }

    /** Take one side of a conflict. */
    choose(conflict, chosen) {
      this.withReviewer(() => {
        const saysOther = (each) =>
          each.operation !== chosen.operation || Review.canonical(each.value) !== Review.canonical(chosen.value);
        conflict.sides.filter(saysOther).forEach((each) => this.withdraw(each));
        Review.say(`${Review.showLine(chosen.reviewer)}’s correction is taken.`);
      });
    }

    markTruncation() {
      this.withReviewer(() => {
        const span = this.page.text && this.page.text.selection();
        if (!span) {
          Review.say("Select the damaged passage in the text first.", "problem");
          return;
        }
        const kinds = Review.vocabulary.truncation_kinds.map((kind) => [kind, wording.truncation(kind)]);
        Review.ask(
          "Mark a damaged passage",
          [make("q", {}, Review.showLine(span.text)), Review.labelled("What is wrong", Review.select("kind", kinds))],
          "Mark",
          (form) =>
            this.correct("mark_truncation", "/truncations/-", { text: span.text, kind: form.get("kind") }, [span]),
        );
      });
    }

    add() {
      this.withReviewer(() => Review.askAddition(this, this.page.text && this.page.text.selection()));
    }
  };
})();
