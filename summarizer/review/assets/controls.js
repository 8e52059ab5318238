// What a value is filled in with, and read from.
"use strict";

(() => {
  const { make, wording } = Review;

  /** What a field is filled in with. */
  Review.controlFor = (control, name, described, value) => {
    if (described.kind === "choice") {
      const options = described.choices.map((each) => [each, wording.value(name, each)]);
      return Review.select(
        control,
        described.required || value !== null ? options : [["", "not stated"], ...options],
        value,
      );
    }
    if (described.kind === "constant") {
      return Review.select(
        control,
        [
          ["", "not stated"],
          ["yes", wording.value(name, described.constant)],
        ],
        value === null ? "" : "yes",
      );
    }
    const isNumber = described.kind === "number" || described.kind === "integer";
    return make("input", {
      name: control,
      value: value === null || value === undefined ? "" : String(value),
      inputmode: isNumber ? "decimal" : null,
      autocomplete: "off",
    });
  };

  /** The value of a control; null where it is empty. */
  Review.readControl = (described, given) => {
    const text = String(given === null ? "" : given).trim();
    if (!text) {
      return null;
    }
    if (described.kind === "number" || described.kind === "integer") {
      return /^[-+]?[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : text;
    }
    return described.kind === "constant" ? described.constant : text;
  };
})();
