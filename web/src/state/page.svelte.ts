// The state of the explore page: the question (its address is the truth), the explore it is
// asked of, and the answer. Components read it and call its verbs; nothing else talks to the
// server.
import { fetchCsv, getExplore, getModels, getStatus, runQuestion } from "../api/client";
import type { Problem } from "../api/client";
import type { Detail, Explore, Model, Status } from "../api/types";
import { placeErrors } from "../answer/errors";
import { freshnessOfTables } from "../answer/freshness";
import { bodyOf, fieldsOf, visOf, type Fields } from "../question/defaults";
import {
  emptyQuestion,
  filtersSet,
  readUrl,
  setFilter,
  toggleField,
  writeUrl,
} from "../question/question";
import type { Question, Vis } from "../question/question";

/** What an answer belongs to: the question that was asked, and when its answer came. */
export interface Answer {
  question: Question;
  detail: Detail;
  receivedMs: number;
}

export type Phase = "loading" | "ready" | "running";

class Page {
  status = $state.raw<Status | null>(null);
  models = $state.raw<Model[]>([]);
  explore = $state.raw<Explore | null>(null);
  question = $state.raw<Question>(emptyQuestion("", ""));
  answer = $state.raw<Answer | null>(null);
  /** Of the last run (the question `asked`), or of loading the page. */
  problem = $state.raw<Problem | null>(null);
  asked = $state.raw<Question | null>(null);
  phase = $state<Phase>("loading");
  slow = $state(false);
  fieldsOpen = $state(false);
  detailsOpen = $state(false);
  /** The filter whose editor is open. */
  editing = $state<string | null>(null);

  fields: Fields = $derived(this.explore ? fieldsOf(this.explore) : new Map());
  vis: Vis = $derived(visOf(this.question, this.fields));
  stale = $derived(
    this.answer !== null && bodyKey(this.answer.question) !== bodyKey(this.question),
  );
  placed = $derived(placeErrors(this.problem, this.asked ?? this.question));
  freshness = $derived(
    this.answer?.detail.freshness ?? freshnessOfTables(this.status?.tables ?? []),
  );
  zone = $derived(this.answer?.detail.timezone ?? this.status?.timezone ?? "UTC");

  #abort: AbortController | null = null;
  #drafted = false;

  /** Loads the project and the explore of the address; then runs what the address asks. */
  async start(): Promise<void> {
    this.phase = "loading";
    this.problem = null;
    const [status, models] = await Promise.all([getStatus(), getModels()]);
    if (status.ok) this.status = status.value;
    if (!models.ok) {
      this.problem = models.problem;
      this.phase = "ready";
      return;
    }
    this.models = models.value;
    await this.follow();
  }

  /** Shows what the address says; called at the start and by back and forward. */
  async follow(): Promise<void> {
    const question = readUrl(location.pathname, location.search) ?? this.#firstExplore();
    this.#drafted = false;
    this.editing = null;
    if (!question) {
      this.phase = "ready";
      return;
    }
    await this.#load(question);
  }

  #firstExplore(): Question | null {
    for (const model of this.models)
      for (const explore of model.explores)
        if (!explore.hidden) {
          const question = emptyQuestion(model.name, explore.name);
          history.replaceState(null, "", writeUrl(question));
          return question;
        }
    return null;
  }

  async #load(question: Question): Promise<void> {
    this.cancel();
    const same =
      this.explore?.name === question.explore && this.explore.model_name === question.model;
    this.question = question;
    this.problem = null;
    if (!same) {
      this.explore = null;
      this.answer = null;
      this.phase = "loading";
      const reply = await getExplore(question.model, question.explore);
      if (this.question !== question) return;
      this.phase = "ready";
      if (!reply.ok) {
        this.problem = reply.problem;
        return;
      }
      this.explore = reply.value;
      this.#alwaysFilter(question);
    }
    this.phase = "ready";
    if (question.fields.length > 0) await this.#run();
    else this.answer = null;
  }

  /** A question that says nothing yet begins with the filters that its explore asks for. */
  #alwaysFilter(question: Question): void {
    const wanted = this.explore?.always_filter ?? [];
    if (question.fields.length > 0 || Object.keys(question.filters).length > 0) return;
    if (wanted.length === 0) return;
    const filters = Object.fromEntries(wanted.map(({ name, value }) => [name, value]));
    this.question = { ...question, filters };
  }

  /** Goes to another explore. */
  async open(model: string, explore: string): Promise<void> {
    const question = emptyQuestion(model, explore);
    history.pushState(null, "", writeUrl(question));
    await this.#load(question);
  }

  /** Changes the question without asking it; one step of history until the next run. */
  change(question: Question): void {
    this.question = question;
    const url = writeUrl(question);
    if (this.#drafted) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    this.#drafted = true;
    if (question.fields.length === 0) this.answer = null;
    if (this.problem && this.explore) this.problem = null;
  }

  toggle(name: string): void {
    this.change(toggleField(this.question, name));
  }

  /** Opens the editor of a filter, adding the filter when there is none yet. */
  editFilter(name: string): void {
    if (!(name in this.question.filters)) this.change(setFilter(this.question, name, ""));
    this.fieldsOpen = false;
    this.editing = name;
  }

  /** How the answer is shown is no new question. */
  show(vis: Vis): void {
    this.question = { ...this.question, vis };
    history.replaceState(null, "", writeUrl(this.question));
  }

  async ask(question: Question): Promise<void> {
    this.change(question);
    await this.run();
  }

  async run(): Promise<void> {
    if (!this.explore || this.question.fields.length === 0) return;
    this.fieldsOpen = false;
    history.replaceState(null, "", writeUrl(this.question));
    await this.#run();
  }

  async #run(): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    const question = this.question;
    this.#abort = abort;
    this.#drafted = false;
    this.asked = question;
    this.problem = null;
    this.slow = false;
    this.phase = "running";
    const patience = setTimeout(() => (this.slow = true), 1000);
    const reply = await runQuestion(bodyOf(question, this.fields), abort.signal);
    clearTimeout(patience);
    if (this.#abort !== abort) return;
    this.#abort = null;
    this.phase = "ready";
    if (reply.ok) this.answer = { question, detail: reply.value, receivedMs: Date.now() };
    else if (!reply.cancelled) {
      this.problem = reply.problem;
      this.answer = null;
    }
  }

  /** Stops waiting; the server sees the closed connection. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.phase === "running") this.phase = "ready";
  }

  async saveCsv(): Promise<void> {
    const reply = await fetchCsv(bodyOf(this.question, this.fields));
    if (!reply.ok) {
      this.asked = this.question;
      this.problem = reply.problem;
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(reply.value);
    link.download = `${this.question.explore}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}

/** What of a question changes its answer: everything but the picture. */
function bodyKey(question: Question): string {
  return writeUrl({ ...question, filters: filtersSet(question), vis: null });
}

export const page = new Page();
