// The page of all articles: search, filters, charts, table.
"use strict";

(() => {
  const { make } = Review;
  const KEYS = [
    ["/", "search"],
    ["j k", "next and previous article"],
    ["Enter", "open the article"],
    ["n p", "next and previous page"],
    ["c", "show or hide the charts"],
    ["x", "clear search and filters"],
    ["Esc", "leave the search"],
    ["?", "this help"],
  ];
  const WITH = {
    flags: ["flags", (row) => Object.keys(row.flags).length > 0],
    truncations: ["damaged passages", (row) => row.truncations > 0],
    unattributed: ["unattributed results", (row) => row.unattributed > 0],
    rejected: ["rejected claims", (row) => row.rejected > 0],
    results: ["results", (row) => row.results > 0],
    missing: ["no text", (row) => !row.has_text],
  };
  const REVIEWED = {
    open: ["not reviewed", (row) => !row.review.count],
    begun: ["with corrections", (row) => row.review.count > 0],
    accepted: ["accepted", (row) => row.review.accepted],
  };
  const EMPTY = { query: "", phase: "", holds: "", reviewed: "", endpoint: "", flag: "", page: 0, forestPage: 0 };
  const PASSING = new Set(["page", "sort", "forestPage"]);

  class Index {
    constructor(data, rows) {
      this.data = data;
      this.rows = rows;
      this.view = { ...EMPTY, sort: { column: "", isDown: false }, ...this.remembered() };
      this.view.choose = (name, value) => this.choose(name, value);
      this.found = null;
      this.chosen = -1;
      rows.forEach((row, at) => {
        row.number = at;
        row.sortName = (row.trials[0] || row.title || row.source).toLowerCase();
        row.words = Review.splitWords([row.title, row.source, ...row.trials].join(" "));
      });
    }

    remembered() {
      try {
        return JSON.parse(window.sessionStorage.getItem(`summarizer-review:${this.data.review}`) || "{}");
      } catch {
        return {};
      }
    }

    remember() {
      const { choose, ...kept } = this.view;
      try {
        window.sessionStorage.setItem(`summarizer-review:${this.data.review}`, JSON.stringify(kept));
      } catch {
        // A browser may forbid it: then the next visit starts anew.
      }
    }

    /** How far the review of each article is: what was saved, and what this browser holds. */
    countReviews(remote) {
      const local = Review.localCorrections(this.data.review);
      for (const row of this.rows) {
        const saved = (remote || this.data.saved)[row.article] || { ids: [], accepted: false };
        const own = (local.get(row.article) || []).filter((each) => !saved.ids.includes(each.id));
        row.review = {
          count: saved.ids.length + own.length,
          accepted: saved.accepted || own.some((each) => each.operation === "accept" && each.pointer === ""),
        };
      }
    }

    build() {
      this.countReviews(null);
      this.charts = make("div.charts", { id: "charts" });
      this.table = make("div", { id: "articles" });
      this.count = make("p.count", { role: "status" });
      document
        .getElementById("page")
        .replaceWith(
          make("a.skip", { href: "#articles" }, "Skip to the articles"),
          this.header(),
          make("main", {}, this.controls(), this.charts, this.count, this.table),
          make("p.said", { id: "said", role: "status", hidden: true }),
        );
      this.refresh();
      if (window.location.hash === "#search") {
        this.search.focus();
      }
    }

    header() {
      const file = make("input", {
        type: "file",
        accept: ".jsonl",
        multiple: true,
        hidden: true,
        change: () => this.takeIn(file),
      });
      return make(
        "header.top",
        {},
        make("h1", {}, `Review of ${Review.showLine(this.data.name)}`),
        make("span.hint", {}, Review.count(this.data.total, "article")),
        make(
          "div.top-buttons",
          {},
          file,
          make("button.bar-button", { type: "button", click: () => file.click() }, "Take in corrections"),
          make("button.bar-button", { type: "button", click: () => this.exportAll() }, "Export corrections"),
          make("button.bar-button", { type: "button", "aria-label": "Keys", click: () => Review.showHelp(KEYS) }, "?"),
        ),
      );
    }

    controls() {
      this.search = make("input.search", {
        type: "search",
        "aria-label": "Search all words of all articles",
        placeholder: "Search all words",
        value: this.view.query,
        "aria-keyshortcuts": "/",
        input: () => this.type(),
      });
      const phases = [...new Set(this.rows.flatMap((row) => row.phases))].sort();
      const pairs = (table) => Object.entries(table).map(([key, [label]]) => [key, label]);
      this.filters = {
        phase: this.filter(
          "phase",
          "Any phase",
          phases.map((each) => [each, `Phase ${each}`]),
        ),
        holds: this.filter(
          "holds",
          "Any content",
          pairs(WITH).map(([key, label]) => [key, `With ${label}`]),
        ),
        reviewed: this.filter("reviewed", "Reviewed or not", pairs(REVIEWED)),
      };
      return make("div.controls", { role: "search" }, this.search, Object.values(this.filters));
    }

    filter(name, none, options) {
      const control = Review.select(name, [["", none], ...options], this.view[name]);
      control.setAttribute("aria-label", none);
      control.addEventListener("change", () => this.choose(name, control.value));
      return control;
    }

    type() {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.choose("query", this.search.value), 40);
    }

    async choose(name, value) {
      this.view[name] = value;
      if (!PASSING.has(name)) {
        this.view.page = 0;
        this.view.forestPage = 0;
      }
      await this.refresh();
      if (name === "page") {
        window.scrollTo(0, this.table.offsetTop - 80);
      }
      const again = name === "sort" ? this.table.querySelector("[aria-sort] button") : null;
      if (again) {
        again.focus();
      }
    }

    clear() {
      Object.assign(this.view, EMPTY);
      this.search.value = "";
      Object.values(this.filters).forEach((each) => {
        each.value = "";
      });
      this.refresh();
    }

    fits(row, found) {
      const { view } = this;
      return (
        (found === null || found.has(row.number)) &&
        (!view.phase || row.phases.includes(view.phase)) &&
        (!view.holds || WITH[view.holds][1](row)) &&
        (!view.reviewed || REVIEWED[view.reviewed][1](row)) &&
        (!view.endpoint || Object.hasOwn(row.endpoints, view.endpoint)) &&
        (!view.flag || Object.hasOwn(row.flags, view.flag))
      );
    }

    async refresh() {
      const turn = (this.turn || 0) + 1;
      this.turn = turn;
      const found = await Review.search(this.view.query, this.rows);
      if (turn !== this.turn) {
        return; // somebody typed on meanwhile
      }
      const kept = this.rows.filter((row) => this.fits(row, found));
      this.left = Review.sortRows(kept, this.view.sort);
      this.view.page = Math.min(this.view.page, Review.pages(this.left) - 1);
      this.chosen = -1;
      this.charts.replaceChildren(...Review.charts(kept, this.view));
      this.table.replaceChildren(...Review.table(this.left, this.view));
      this.count.replaceChildren(...this.counted(kept));
      this.remember();
    }

    counted(kept) {
      const { view } = this;
      const chosen = [view.endpoint && `endpoint ${view.endpoint}`, view.flag && `flag ${view.flag}`].filter(Boolean);
      const isFiltered = kept.length < this.rows.length || chosen.length;
      return [
        isFiltered
          ? `${kept.length.toLocaleString("en")} of ${Review.count(this.rows.length, "article")}`
          : Review.count(kept.length, "article"),
        chosen.length ? `, ${chosen.join(", ")}` : "",
        isFiltered ? make("button.link", { type: "button", click: () => this.clear() }, "Show all") : "",
      ];
    }

    exportAll() {
      const all = [...Review.localCorrections(this.data.review).values()].flat();
      if (all.length) {
        Review.download("corrections.jsonl", Review.asLines(all), "application/x-ndjson");
      } else {
        Review.say("This browser holds no corrections that are not saved already.");
      }
    }

    async takeIn(input) {
      let taken = 0;
      let wrong = 0;
      for (const file of input.files) {
        const found = Review.parseLines(await file.text());
        const known = found.corrections.filter((each) => this.rows.some((row) => row.article === each.article));
        taken += Review.takeIn(this.data.review, known);
        wrong += found.wrong + found.corrections.length - known.length;
      }
      const left = wrong ? `; ${Review.count(wrong, "line")} of other articles or of no correction left out` : "";
      Review.say(`${Review.count(taken, "correction")} taken in${left}.`, wrong ? "problem" : "");
      this.countReviews(null);
      this.refresh();
    }

    walk(by) {
      const links = [...this.table.querySelectorAll("tbody th a")];
      this.chosen = Math.max(0, Math.min(links.length - 1, this.chosen + by));
      if (links[this.chosen]) {
        links[this.chosen].focus();
      }
    }

    listen() {
      Review.listenToKeys({
        "/": () => this.search.focus(),
        j: () => this.walk(1),
        k: () => this.walk(-1),
        n: () => this.view.page + 1 < Review.pages(this.left) && this.choose("page", this.view.page + 1),
        p: () => this.view.page > 0 && this.choose("page", this.view.page - 1),
        c: () => this.charts.toggleAttribute("hidden"),
        x: () => this.clear(),
        "?": () => Review.showHelp(KEYS),
      });
      this.search.addEventListener("keydown", (event) => {
        if (event.key === "Escape" || event.key === "Enter") {
          this.search.blur();
          this.walk(1);
        }
      });
    }
  }

  /** The file of rows calls this. */
  Review.takeRows = (rows) => {
    const index = new Index(Review.readData(), rows);
    index.build();
    index.listen();
    // A reviewer who comes back from an article sees what was done there.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) {
        index.countReviews(null);
        index.refresh();
      }
    });
    Review.savedReviews().then((saved) => {
      if (saved) {
        index.countReviews(saved);
        index.refresh();
      }
    });
  };
})();
