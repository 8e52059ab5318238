// Corrections applied to a summary: the same as applying.py.
"use strict";

(() => {
  const { fields } = Review.vocabulary;

  class Work {
    constructor(summary, characters) {
      this.tree = new Review.Tree(summary);
      this.base = new Review.Tree(summary);
      this.words = new Review.Words(characters);
    }

    whyNot(correction) {
      const reason = Review.whyUnfit(correction, this.base) || Review.whyUnsupported(correction, this.base, this.words);
      if (reason === null && correction.operation === "move") {
        const target = this.base.listAt(String(correction.value));
        if (target === null || target.described.items !== "result") {
          return "there is no such place to move it to";
        }
      }
      return reason;
    }

    removesRecord(correction) {
      const entry = this.tree.entries.get(correction.pointer);
      return correction.operation === "delete" && Boolean(entry && entry.kind);
    }

    change(correction) {
      if (correction.operation === "accept") {
        return;
      }
      if (correction.pointer.endsWith("/-")) {
        this.append(correction);
        return;
      }
      const { entry, field } = this.tree.find(correction.pointer);
      const value = correction.operation === "delete" ? null : correction.value;
      if (field) {
        this.set(entry, field, value, correction);
      } else if (value === null) {
        entry.removed = true;
      } else {
        entry.leaf = value;
        this.note(entry.address, value, correction);
      }
    }

    move(correction) {
      const entry = this.tree.entries.get(correction.pointer);
      const homes = [this.tree.lists.unattributed_results, ...this.tree.lists.trials.map((each) => each.lists.results)];
      const home = homes.find((held) => held.includes(entry));
      home.splice(home.indexOf(entry), 1);
      this.tree.listAt(String(correction.value)).held.push(entry);
    }

    append(correction) {
      const above = correction.pointer.slice(0, -2);
      const address = `${above}/${correction.id}`;
      for (const tree of [this.base, this.tree]) {
        const { held, described } = tree.listAt(above);
        const entry = tree.make(address, described.items in fields ? described.items : "", correction.value);
        if (tree === this.tree) {
          held.push(entry);
          this.noteAll(entry, correction);
        }
      }
    }

    noteAll(entry, correction) {
      if (!entry.kind) {
        this.note(entry.address, entry.leaf, correction);
      }
      for (const [name, value] of Object.entries({ ...entry.leaves })) {
        if (value !== null) {
          this.set(entry, name, value, correction);
        }
      }
      Object.values(entry.lists).forEach((held) => held.forEach((each) => this.noteAll(each, correction)));
    }

    set(entry, name, value, correction) {
      this.put(entry, name, value, correction);
      if (entry.kind === "result" && name === "value") {
        this.put(entry, "value_text", this.asPrinted(value, correction), correction);
        if (value !== null) {
          this.put(entry, "reached", null, correction);
        }
      } else if (entry.kind === "result" && name === "reached" && value === false) {
        this.put(entry, "value", null, correction);
        this.put(entry, "value_text", correction.spans[0].text, correction);
      } else if (name === "enrollment") {
        const kept = entry.leaves.enrollment_type || "ACTUAL";
        if (value === null || entry.leaves.enrollment_type === null) {
          this.put(entry, "enrollment_type", value === null ? null : kept, correction);
        }
      }
    }

    put(entry, name, value, correction) {
      entry.leaves[name] = value;
      const address = `${entry.address}/${name}`;
      if (value === null) {
        this.tree.evidence.delete(address);
      } else {
        this.note(address, value, correction);
      }
    }

    asPrinted(value, correction) {
      if (value === null) {
        return null;
      }
      const number = this.words.within(correction.spans).find((each) => each.value === value);
      return this.words.characters.slice(number.start, number.end);
    }

    note(address, value, correction) {
      const support = this.support(address, value, correction.spans);
      const rule = `reviewer ${correction.reviewer}`;
      this.tree.evidence.set(
        address,
        correction.spans.map(({ start, end, text }) => ({ start, end, text, support, rule })),
      );
    }

    support(address, value, spans) {
      const { described } = Review.describePlace(this.tree, address);
      if (described.kind === "integer" || described.kind === "number") {
        return "NUMBER";
      }
      const words = spans.map((span) => span.text).join(" ");
      return described.kind === "text" && Review.holdsWords(words, String(value)) ? "QUOTED" : "CUE";
    }

    /** The new pointer of an address; null where its record is gone. */
    where(address, moved) {
      let above = address;
      while (above) {
        if (moved.has(above)) {
          return moved.get(above) + address.slice(above.length);
        }
        if (this.tree.entries.has(above)) {
          return null;
        }
        [above] = Review.splitPointer(above);
      }
      return address;
    }

    finish(summary) {
      const { content, moved } = this.tree.assemble();
      const follow = (items) =>
        items
          .map((item) => ({ ...item, pointer: this.where(item.pointer, moved) }))
          .filter((item) => item.pointer !== null);
      const evidence = {};
      for (const [address, spans] of this.tree.evidence) {
        const pointer = this.where(address, moved);
        if (pointer !== null) {
          evidence[pointer] = spans;
        }
      }
      return { ...summary, ...content, evidence, flags: follow(summary.flags), rejected: follow(summary.rejected) };
    }
  }

  /** Apply corrections: the tree with everything in it, what became of each, and the corrected summary on demand. */
  Review.applyCorrections = (summary, corrections, characters) => {
    const settled = Review.settle(corrections.filter((each) => each.article === summary.source.sha256));
    const work = new Work(summary, characters);
    const applied = [];
    const leftOut = [];
    const later = [];
    for (const each of settled.active) {
      const reason = work.whyNot(each);
      if (reason !== null) {
        leftOut.push({ correction: each, reason });
        continue;
      }
      applied.push(each);
      if (each.operation === "move" || work.removesRecord(each)) {
        later.push(each);
      } else {
        work.change(each);
      }
    }
    later.filter((each) => each.operation === "move").forEach((each) => work.move(each));
    later
      .filter((each) => each.operation === "delete")
      .forEach((each) => {
        work.tree.entries.get(each.pointer).removed = true;
      });
    return {
      tree: work.tree,
      base: work.base,
      words: work.words,
      applied,
      leftOut,
      conflicts: settled.conflicts,
      agreeing: settled.agreeing,
      whyNot: (correction) => work.whyNot(correction),
      finish: () => work.finish(summary),
    };
  };
})();
