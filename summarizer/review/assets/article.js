// The page of one article: text at the left, record at the right.
"use strict";

(() => {
  const { make } = Review;

  /** What the address points at; nothing where it is no valid text. */
  const readFragment = () => {
    try {
      return decodeURIComponent(window.location.hash.slice(1));
    } catch {
      return "";
    }
  };

  class Page {
    constructor(data) {
      this.data = data;
      this.summary = data.summary;
      this.characters = new Review.Characters(data.text || "");
      this.store = new Review.Store(data);
      this.editing = new Review.Editing(this);
      this.state = { selected: null, together: [], hasText: data.text !== null };
      this.text =
        data.text === null ? null : new Review.ArticleText(this.characters, (addresses) => this.pickWords(addresses));
      this.inspector = new Review.Inspector(this.actions());
      this.record = make("main.record", { id: "record", tabindex: "-1", "aria-label": "Record" });
      this.bar = make("header.bar");
    }

    actions() {
      const chosen = (run) => () =>
        this.state.selected === null ? Review.say("Choose a value first.") : run(this.state.selected);
      const page = this;
      return {
        get values() {
          return page.values;
        },
        pick: (address, together) => this.pick(address, together),
        accept: chosen((address) => this.editing.accept(address)),
        edit: chosen((address) => this.edit(address)),
        remove: chosen((address) => this.editing.remove(address)),
        move: chosen((address) => this.move(address)),
        choose: (conflict, correction) => this.editing.choose(conflict, correction),
      };
    }

    edit(address) {
      const place = this.state.result.tree.find(address);
      const isRecord = place && !place.field && place.entry.kind;
      if (isRecord || !this.state.hasText) {
        Review.say(
          isRecord ? "Choose one of its values to edit." : "Without the text nothing can be edited.",
          "problem",
        );
      } else {
        this.editing.edit(address);
      }
    }

    move(address) {
      const record = Review.recordOf(this.state.result.tree, address);
      if (record && record.kind === "result") {
        this.editing.move(address);
      } else {
        Review.say("Only results can be moved.", "problem");
      }
    }

    /** Build what stays; the rest is made anew whenever a correction changes it. */
    build() {
      const text = make(
        "section.article",
        { id: "article", "aria-label": "Article", tabindex: "-1" },
        this.headline(),
        this.text
          ? [this.legend(), this.text.element]
          : make("p.notice", {}, `The text can’t be shown. ${Review.showLine(this.data.text_problem)}`),
      );
      document
        .getElementById("page")
        .replaceWith(
          make("a.skip", { href: "#record" }, "Skip to the record"),
          this.bar,
          make(
            "nav.jumps",
            { "aria-label": "Parts of the page" },
            make("a", { href: "#article" }, "Text"),
            make("a", { href: "#record" }, "Record"),
            make("a", { href: "#looking" }, "To look at"),
          ),
          make("div.columns", {}, text, make("div.side", {}, this.record, this.inspector.element)),
          make("p.said", { id: "said", role: "status", hidden: true }),
        );
      this.refresh();
      const wanted = readFragment();
      if (wanted.startsWith("/") && this.state.result.tree.find(wanted)) {
        this.pick(wanted);
      }
    }

    headline() {
      const { source } = this.summary;
      return make(
        "header.headline",
        {},
        make("h1", {}, Review.showLine(source.title || source.name || "Article")),
        make(
          "p.hint",
          {},
          [source.title && source.name, source.published].filter(Boolean).map(Review.showLine).join(" · "),
        ),
      );
    }

    legend() {
      return make(
        "p.legend",
        { "aria-label": "What the marks mean" },
        make("span", {}, make("span.swatch.is-evidence", {}, "value")),
        make("span", {}, make("span.swatch.is-orphan", {}, "of no known trial")),
        make("span", {}, make("span.swatch.is-cut", {}, "damaged")),
      );
    }

    /** Apply all corrections anew and show what they come to. */
    refresh() {
      const result = Review.applyCorrections(this.summary, this.store.all(), this.characters);
      this.state.result = result;
      this.state.summary = this.summary;
      this.values = new Review.ValueMaker(result, this.summary.flags, (address) =>
        this.pick(address, undefined, "record"),
      );
      const actions = this.actions();
      const scroll = this.record.scrollTop;
      const cards = new Review.RecordView(this.values, actions).show(result.tree);
      const findings = Review.findings(result, this.summary, actions);
      this.record.replaceChildren(
        ...[
          make("div", { id: "looking" }, findings),
          cards.length || make("p.notice", {}, "No trial was found in this article."),
          ...cards,
          Review.provenance(this.summary),
        ].filter((each) => each instanceof Node),
      );
      if (this.text) {
        this.text.show(result.tree);
      }
      this.showBar();
      this.record.scrollTop = scroll;
      if (this.state.selected !== null) {
        this.pick(this.state.selected, this.state.together, "refresh");
      }
    }

    showBar() {
      const { data } = this;
      const done = this.store.all().length;
      const own = this.store.own.length;
      const steps = [
        this.step(data.previous, "‹", "Previous article (p)"),
        make("span.position", {}, `${data.number} of ${data.total.toLocaleString("en")}`),
        this.step(data.next, "›", "Next article (n)"),
      ];
      const reviewer = Review.reviewer();
      this.bar.replaceChildren(
        make("a.home", { href: "../index.html" }, "All articles"),
        make("div.steps", {}, steps),
        make(
          "span.progress",
          {
            title: this.store.isRemote
              ? "Saved to corrections.jsonl"
              : "Kept in this browser; export them to keep them elsewhere",
          },
          this.progress(done, own),
        ),
        make("button.bar-button", { type: "button", click: () => this.editing.add() }, "Add"),
        make("button.bar-button", { type: "button", click: () => this.editing.markTruncation() }, "Mark damage"),
        make(
          "button.bar-button",
          { type: "button", click: () => this.editing.accept("") },
          this.isAccepted() ? "Accepted ✓" : "Accept all",
        ),
        make(
          "button.bar-button",
          { type: "button", click: () => this.editing.undo(), disabled: !this.editing.done.length },
          "Undo",
        ),
        make("button.bar-button", { type: "button", click: () => Review.showExports(this) }, "Export"),
        make(
          "button.bar-button.reviewer",
          { type: "button", click: () => Review.askReviewer(() => this.refresh()) },
          reviewer ? Review.showLine(reviewer) : "Your name",
        ),
        make(
          "button.bar-button",
          { type: "button", "aria-label": "Keys", click: () => Review.showHelp(Review.ARTICLE_KEYS) },
          "?",
        ),
      );
    }

    isAccepted() {
      return this.state.result.applied.some((each) => each.operation === "accept" && each.pointer === "");
    }

    progress(done, own) {
      if (!done) {
        return "not reviewed";
      }
      const applied = Review.count(this.state.result.applied.length, "correction");
      return this.store.isRemote ? `${applied}, ${own ? `${own} not saved` : "saved"}` : applied;
    }

    step(page, sign, label) {
      return page
        ? make("a.step", { href: page, "aria-label": label, title: label }, sign)
        : make("span.step.is-off", { "aria-hidden": "true" }, sign);
    }

    /** Words were clicked: choose what rests on them, one after the other. */
    pickWords(found) {
      // What is printed is shown by its value; what has no place in the record can't be chosen there.
      const shown = found.map((each) => each.replace(/\/value_text$/, "/value")).filter((each) => this.buttonOf(each));
      const addresses = shown.length ? [...new Set(shown)] : found;
      const at = addresses.indexOf(this.state.selected);
      this.pick(addresses[(at + 1) % addresses.length], addresses, "text");
    }

    /** Choose a value; null chooses nothing. */
    pick(address, together, from) {
      this.record.querySelectorAll("[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
      if (address === null || this.state.result.tree.find(address) === null) {
        this.state.selected = null;
        this.state.together = [];
        this.inspector.hide();
        if (this.text) {
          this.text.light("", { scroll: false });
        }
        return;
      }
      this.state.selected = address;
      this.state.together = together || [];
      const button = this.buttonOf(address);
      if (button) {
        button.setAttribute("aria-current", "true");
        if (from !== "record") {
          this.showButton(button, from);
        }
      }
      this.light(address, from);
      this.inspector.show(this.state);
    }

    showButton(button, from) {
      for (let above = button.closest("details"); above; above = above.parentElement.closest("details")) {
        above.open = true;
      }
      if (from !== "refresh") {
        Review.bringIntoView(button);
      }
      button.focus({ preventScroll: true });
    }

    /** A whole record glows where its main value was read. */
    light(address, from) {
      if (!this.text) {
        return;
      }
      const names = [
        "",
        "/value",
        "/value_text",
        "/reached",
        "/p_value",
        "/ci_low",
        "/name",
        "/focus",
        "/text",
        "/endpoint",
        "/action",
        "/interventions/0",
        "/role",
      ];
      const found = names.map((name) => address + name).find((each) => this.text.pieces.has(each));
      this.text.light(found || "", { scroll: from !== "text" && from !== "refresh" });
    }

    buttonOf(address) {
      const escaped = CSS.escape(address);
      return (
        this.record.querySelector(`button[data-address="${escaped}"], button[data-whole="${escaped}"]`) ||
        (address.endsWith("/text")
          ? this.record.querySelector(`[data-address="${CSS.escape(address.slice(0, -5))}"] button`)
          : null)
      );
    }

    /** The next or the previous value, in the order of the page. */
    walk(by) {
      const buttons = [...this.record.querySelectorAll("button.value")];
      const at = buttons.findIndex((each) => each.dataset.address === this.state.selected);
      const next = buttons[at < 0 && by < 0 ? buttons.length - 1 : at + by];
      if (next) {
        this.pick(next.dataset.address, undefined, "keys");
      }
    }

    next() {
      this.walk(1);
    }

    go(page) {
      if (page) {
        window.location.href = page;
      } else {
        Review.say("There is no further article.");
      }
    }

    listen() {
      for (const element of [this.bar, this.inspector.element]) {
        // A button must not take the selection away that it is to act on.
        element.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
      }
      Review.openForPrint();
      const { data } = this;
      const actions = this.actions();
      Review.listenToKeys({
        j: () => this.walk(1),
        k: () => this.walk(-1),
        n: () => this.go(data.next),
        p: () => this.go(data.previous),
        a: actions.accept,
        A: () => this.editing.accept(""),
        e: actions.edit,
        d: actions.remove,
        m: actions.move,
        t: () => this.editing.markTruncation(),
        u: () => this.editing.undo(),
        w: () => this.pickWhole(),
        i: () => this.go("../index.html"),
        "+": () => this.editing.add(),
        "/": () => this.go("../index.html#search"),
        "?": () => Review.showHelp(Review.ARTICLE_KEYS),
        Escape: () => this.pick(null),
      });
    }

    pickWhole() {
      const record = this.state.selected && Review.recordOf(this.state.result.tree, this.state.selected);
      if (record) {
        this.pick(record.address, undefined, "keys");
      }
    }
  }

  const page = new Page(Review.readData());
  page.build();
  page.listen();
  page.store.connect().then((isConnected) => isConnected && page.refresh());
})();
