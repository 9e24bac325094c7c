// Talks to the server of this page (same origin, nothing else). Every failure becomes a `Problem`,
// so that callers never see an exception of fetch or JSON.
import type { Detail, Diagnostic, ErrorBody, Explore, Model, QueryBody, Status } from "./types";

/** What went wrong: no answer at all, the server said why, or it did not. */
export interface Problem {
  kind: "offline" | "refused" | "broken";
  status: number;
  message: string;
  errors: Diagnostic[];
}

export type Reply<T> = { ok: true; value: T } | { ok: false; problem: Problem; cancelled: boolean };

function failure(kind: Problem["kind"], status: number, message: string): Reply<never> {
  return { ok: false, cancelled: false, problem: { kind, status, message, errors: [] } };
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === "object" && body !== null && "message" in body;
}

async function refusal(response: Response): Promise<Reply<never>> {
  const body: unknown = await response.json().catch(() => null);
  if (!isErrorBody(body)) return failure("broken", response.status, `HTTP ${response.status}`);
  const problem: Problem = {
    kind: "refused",
    status: response.status,
    message: body.message,
    errors: body.errors ?? [],
  };
  return { ok: false, cancelled: false, problem };
}

async function ask<T>(
  path: string,
  init: RequestInit,
  read: (r: Response) => Promise<T>,
): Promise<Reply<T>> {
  try {
    const response = await fetch(path, init);
    if (!response.ok) return await refusal(response);
    try {
      return { ok: true, value: await read(response) };
    } catch (error) {
      if (init.signal?.aborted) throw error;
      return failure("broken", response.status, String(error));
    }
  } catch (error) {
    const reply = failure("offline", 0, String(error));
    return reply.ok ? reply : { ...reply, cancelled: init.signal?.aborted ?? false };
  }
}

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;

export const getStatus = (): Promise<Reply<Status>> =>
  ask("/api/v1/status", {}, (r) => json<Status>(r));

export const getModels = (): Promise<Reply<Model[]>> =>
  ask("/api/4.0/lookml_models", {}, (r) => json<Model[]>(r));

export function getExplore(model: string, explore: string): Promise<Reply<Explore>> {
  const path = `/api/4.0/lookml_models/${encodeURIComponent(model)}/explores/${encodeURIComponent(explore)}`;
  return ask(path, {}, (r) => json<Explore>(r));
}

function post(body: QueryBody, signal?: AbortSignal): RequestInit {
  const init: RequestInit = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  return signal ? { ...init, signal } : init;
}

export const runQuestion = (body: QueryBody, signal: AbortSignal): Promise<Reply<Detail>> =>
  ask("/api/4.0/queries/run/json_detail", post(body, signal), (r) => json<Detail>(r));

export const fetchCsv = (body: QueryBody): Promise<Reply<Blob>> =>
  ask("/api/4.0/queries/run/csv", post(body), (r) => r.blob());
