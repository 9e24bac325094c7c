// The API of docs/http.md with invented data, for `npm run dev` alone (never part of the built
// page). The same question always has the same answer. `KURA_URL=http://… npm run dev` uses a
// real server.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import type { ErrorBody, QueryBody } from "../src/api/types";
import { answer, MockError } from "./mock_answer";
import { explores, models, status } from "./mock_model";

function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => resolve(text));
  });
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.statusCode = code;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(body));
}

async function run(format: string, request: IncomingMessage, response: ServerResponse) {
  const query = JSON.parse(await read(request)) as QueryBody;
  const slow = Number(process.env.MOCK_DELAY_MS ?? 0);
  if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow));
  const detail = answer(query);
  if (format !== "csv") return send(response, 200, detail);
  const lines = detail.data.map((row) =>
    query.fields.map((name) => String(row[name]?.value ?? "")).join(","),
  );
  response.setHeader("Content-Type", "text/csv; charset=utf-8");
  response.end([query.fields.join(","), ...lines].join("\r\n") + "\r\n");
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (path === "/api/v1/status") send(response, 200, status());
  else if (path === "/api/4.0/lookml_models") send(response, 200, models());
  else if (path.startsWith("/api/4.0/lookml_models/")) {
    const explore = explores().find(({ name }) => path.endsWith(`/explores/${name}`));
    if (explore) send(response, 200, explore);
    else send(response, 404, { message: "there is no such explore" });
  } else if (path.startsWith("/api/4.0/queries/run/"))
    await run(path.split("/").pop() ?? "", request, response);
  else return false;
  return true;
}

export function mockApi(): Plugin {
  const use = (server: {
    middlewares: {
      use: (f: (q: IncomingMessage, s: ServerResponse, n: () => void) => void) => void;
    };
  }): void => {
    server.middlewares.use((request, response, next) => {
      route(request, response)
        .then((done) => (done ? undefined : next()))
        .catch((error: unknown) => {
          if (!(error instanceof MockError)) return send(response, 500, { message: String(error) });
          const body: ErrorBody = { message: error.message, errors: [error.diagnostic] };
          send(response, error.diagnostic.code === "unknown-explore" ? 404 : 422, body);
        });
    });
  };
  return { name: "kura-mock-api", configureServer: use, configurePreviewServer: use };
}
