// Dialogs: the browser's own element, which keeps the focus and closes with Escape.
"use strict";

(() => {
  const { make } = Review;
  let counter = 0;

  /**
   * Ask something.
   *
   * @param {string} title
   * @param {Node[]} content
   * @param {string} submit Words of the button; empty where there is nothing to submit.
   * @param {function(FormData): ?string} onSubmit Gives the reason why it can't be done, or null to close.
   */
  Review.ask = (title, content, submit, onSubmit) => {
    counter += 1;
    const id = `dialog-${counter}`;
    const problem = make("p.problem", { role: "alert", hidden: true });
    const close = () => dialog.close();
    const form = make(
      "form",
      {
        method: "dialog",
        submit: (event) => {
          event.preventDefault();
          const reason = onSubmit ? onSubmit(new FormData(form)) : null;
          problem.hidden = !reason;
          problem.textContent = reason || "";
          if (!reason) {
            close();
          }
        },
      },
      make("h2", { id }, title),
      content,
      problem,
      make(
        "div.dialog-buttons",
        {},
        make("button.quiet", { type: "button", click: close }, submit ? "Cancel" : "Close"),
        submit ? make("button.main", { type: "submit" }, submit) : null,
      ),
    );
    const dialog = make("dialog", { "aria-labelledby": id, close: () => dialog.remove() }, form);
    document.body.append(dialog);
    dialog.showModal();
    const first = dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    if (first) {
      first.focus();
      if (first.select) {
        first.select();
      }
    }
    return dialog;
  };

  /** A field of a form with its label. */
  Review.labelled = (label, control, help) => {
    counter += 1;
    control.id = `control-${counter}`;
    return make(
      "p.control",
      {},
      make("label", { for: control.id }, label),
      control,
      help ? make("span.hint", {}, help) : null,
    );
  };

  Review.select = (name, options, chosen) =>
    make(
      "select",
      { name },
      options.map(([value, label]) => make("option", { value, selected: value === chosen }, label)),
    );

  Review.showHelp = (keys) =>
    Review.ask(
      "Keys",
      [
        make(
          "dl.keys",
          {},
          keys.map(([key, meaning]) => [
            make(
              "dt",
              {},
              key.split(" ").map((each) => make("kbd", {}, each)),
            ),
            make("dd", {}, meaning),
          ]),
        ),
      ],
      "",
      null,
    );

  /** The reviewer's name, asked for once. */
  Review.askReviewer = (then) => {
    const name = make("input", {
      name: "reviewer",
      required: true,
      maxlength: "80",
      autocomplete: "name",
      value: Review.reviewer(),
    });
    Review.ask(
      "Who is reviewing?",
      [
        Review.labelled(
          "Name or initials",
          name,
          "It stands beside every correction, so that two reviewers’ work can be put together.",
        ),
      ],
      "Continue",
      (form) => {
        const given = String(form.get("reviewer")).trim();
        if (!given) {
          return "A name is needed.";
        }
        Review.setReviewer(given);
        then(given);
        return null;
      },
    );
  };
})();
