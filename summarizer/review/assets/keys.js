// The keyboard: every thing that can be done has a key, and keys never act while somebody types.
"use strict";

(() => {
  Review.ARTICLE_KEYS = [
    ["j k", "next and previous value"],
    ["n p", "next and previous article"],
    ["a", "accept the value, or the whole record when that is chosen"],
    ["A", "accept everything in this article"],
    ["e", "edit the value; words selected in the text become its evidence"],
    ["d", "delete the value or the record"],
    ["m", "move the result to another trial or arm"],
    ["+", "add a value from the words selected in the text"],
    ["t", "mark the words selected in the text as damaged"],
    ["u", "undo"],
    ["w", "choose the whole record of the value"],
    ["i", "all articles"],
    ["/", "search all articles"],
    ["Esc", "choose nothing"],
    ["?", "this help"],
  ];

  const isTyping = (target) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

  Review.listenToKeys = (bindings) => {
    document.addEventListener("keydown", (event) => {
      const isCommand = event.ctrlKey || event.metaKey || event.altKey;
      if (isCommand || isTyping(event.target) || document.querySelector("dialog[open]")) {
        return;
      }
      const run = Object.hasOwn(bindings, event.key) ? bindings[event.key] : null;
      if (run) {
        event.preventDefault();
        run();
      }
    });
  };
})();
