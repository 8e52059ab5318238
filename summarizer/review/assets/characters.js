// Offsets count Unicode code points; scripts count UTF-16 units. And characters that hide or reorder text are shown.
"use strict";

(() => {
  const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  const HARMLESS = new Set(["\n", "\t", "\u200c", "\u200d"]);

  /** Whether a character only shows itself; the others are shown as escapes. */
  Review.isInert = (character) => HARMLESS.has(character) || !ACTIVE.test(character);

  Review.escapeCharacter = (character) => `\\u{${character.codePointAt(0).toString(16)}}`;

  /** A text in which nothing hides: for labels, lists and attributes. */
  Review.show = (text) =>
    Array.from(String(text), (each) => (Review.isInert(each) ? each : Review.escapeCharacter(each))).join("");

  /** The same on one line. */
  Review.showLine = (text) => Review.show(String(text).replace(/\s+/g, " ").trim());

  /** A text of which parts can be had by code points. */
  Review.Characters = class {
    constructor(text) {
      this.text = text;
      this.all = Array.from(text);
      this.length = this.all.length;
      this.isPlain = this.length === text.length;
      if (!this.isPlain) {
        this.units = new Uint32Array(this.length + 1);
        this.all.forEach((each, at) => {
          this.units[at + 1] = this.units[at] + each.length;
        });
      }
    }

    slice(start, end) {
      return this.isPlain ? this.text.slice(start, end) : this.text.slice(this.units[start], this.units[end]);
    }

    /** One unit for each code point, so that a pattern's index is an offset. */
    flattened() {
      return this.isPlain ? this.text : this.all.map((each) => (each.length > 1 ? "\ue000" : each)).join("");
    }
  };

  /** How many code points a text has. */
  Review.countCharacters = (text) => Array.from(text).length;
})();
