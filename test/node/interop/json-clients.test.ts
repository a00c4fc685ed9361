import { BatchRequestContent, BatchResponseContent, Client } from "@microsoft/microsoft-graph-client";
import type { BatchRequestStep } from "@microsoft/microsoft-graph-client";
import Cronofy from "cronofy";
import { describe, expect, test } from "vitest";
import { cronofy, graph } from "../../../src/batch.ts";
import { asked, serveBatches } from "./support/serve.ts";

describe("cronofy's batch() is answered", () => {
  const upsert = { event_id: "e1", summary: "Größe € 😀" };
  const path = "/v1/calendars/cal_1/events";

  async function start(): Promise<{ server: Awaited<ReturnType<typeof serveBatches>>; client: Cronofy }> {
    const server = await serveBatches({ dialects: [cronofy] }, ({ method, path: wanted, body }) => {
      if (wanted !== path) return new Response(null, { status: 404 });
      const { event_id: id } = JSON.parse(body) as { event_id: string };
      if (id !== "refused") return new Response(null, { status: method === "DELETE" ? 202 : 201 });
      return Response.json(
        { errors: { event_id: [{ key: "errors.invalid", description: "refused" }] } },
        { status: 422 },
      );
    });
    const client = new Cronofy({ access_token: "secret" });
    client.urls.api = server.origin;
    return { server, client };
  }

  test("by position, each operation for itself", async () => {
    const { server, client } = await start();
    const answer = await client.batch({
      batch: [
        { method: "POST", relative_url: path, data: upsert },
        { method: "POST", relative_url: path, data: { event_id: "refused" } },
        { method: "DELETE", relative_url: path, data: { event_id: "e1" } },
        { method: "GET", relative_url: "/v1/elsewhere" },
      ],
    });
    expect(answer).toMatchObject({
      batch: [
        { status: 201 },
        { status: 422, data: { errors: { event_id: [{ key: "errors.invalid", description: "refused" }] } } },
        { status: 202 },
        { status: 404 },
      ],
    });
    expect(asked(server)).toEqual([`POST ${path}`, `POST ${path}`, `DELETE ${path}`, "GET /v1/elsewhere"]);
    expect(JSON.parse(server.operations[0]!.body)).toEqual(upsert);
    expect(JSON.parse(server.operations[2]!.body)).toEqual({ event_id: "e1" });
    expect(server.operations.map(({ headers }) => headers.get("authorization"))).toEqual(
      Array(4).fill("Bearer secret"),
    );
  });

  test("with an error, when there are too many operations", async () => {
    const { server, client } = await start();
    const batch = Array.from({ length: 51 }, () => ({ method: "POST", relative_url: path, data: upsert }));
    await expect(client.batch({ batch })).rejects.toMatchObject({ statusCode: 429 });
    expect(server.operations).toEqual([]);
  });
});

describe("Microsoft Graph's client is answered", () => {
  const image = new Uint8Array([0, 255, 137, 80]);
  const request = (path: string, init?: RequestInit): Request =>
    new Request(`https://graph.microsoft.com/v1.0${path}`, init);

  async function start(): Promise<{ server: Awaited<ReturnType<typeof serveBatches>>; client: Client }> {
    const server = await serveBatches({ dialects: [graph] }, ({ method, path, body }) => {
      if (path === "/v1.0/me/photo/$value") {
        return new Response(image, { headers: { "Content-Type": "image/png" } });
      }
      if (path === "/v1.0/missing") {
        return Response.json({ error: { code: "ResourceNotFound" } }, { status: 404 });
      }
      if (method === "DELETE") return new Response(null, { status: 204 });
      return Response.json({ path, body }, { status: method === "POST" ? 201 : 200 });
    });
    const client = Client.init({
      baseUrl: server.origin,
      defaultVersion: "v1.0",
      customHosts: new Set(["127.0.0.1"]),
      authProvider: (done) => done(null, "secret"),
    });
    return { server, client };
  }

  async function send(client: Client, steps: BatchRequestStep[]): Promise<BatchResponseContent> {
    const content = await new BatchRequestContent(steps).getContent();
    return new BatchResponseContent(await client.api("/$batch").post(content));
  }

  test("by id, in whatever order, with JSON and other bodies (hands out base64url as text)", async () => {
    const { server, client } = await start();
    const message = '{"subject":"Größe 😀"}';
    const json = { "Content-Type": "application/json" };
    const answers = await send(client, [
      { id: "a", request: request("/me?$select=id") },
      { id: "b", request: request("/messages", { method: "POST", headers: json, body: message }) },
      { id: "c", request: request("/messages/1", { method: "DELETE" }) },
      { id: "d", request: request("/me/photo/$value") },
      { id: "e", request: request("/missing") },
    ]);
    const seen = ["a", "b", "c", "d", "e"].map(async (id) => {
      const response = answers.getResponseById(id);
      return [response.status, response.headers.get("content-type"), await response.text()];
    });
    expect(await Promise.all(seen)).toEqual([
      [200, "application/json", '{"path":"/v1.0/me?$select=id","body":""}'],
      [201, "application/json", JSON.stringify({ path: "/v1.0/messages", body: message })],
      [204, null, ""],
      [200, "image/png", "AP-JUA"],
      [404, "application/json", '{"error":{"code":"ResourceNotFound"}}'],
    ]);
    expect(server.operations.map(({ id, method, path }) => `${id} ${method} ${path}`).sort()).toEqual([
      "a GET /v1.0/me?$select=id",
      "b POST /v1.0/messages",
      "c DELETE /v1.0/messages/1",
      "d GET /v1.0/me/photo/$value",
      "e GET /v1.0/missing",
    ]);
  });

  test("when operations depend on each other, and the first fails", async () => {
    const { server, client } = await start();
    const answers = await send(client, [
      { id: "1", request: request("/missing") },
      { id: "2", request: request("/me"), dependsOn: ["1"] },
      { id: "3", request: request("/me"), dependsOn: ["2"] },
    ]);
    expect(["1", "2", "3"].map((id) => answers.getResponseById(id).status)).toEqual([404, 424, 424]);
    await expect(answers.getResponseById("3").json()).resolves.toMatchObject({
      error: { code: "failed-dependency" },
    });
    expect(asked(server)).toEqual(["GET /v1.0/missing"]);
  });

  test("when the second waits for the first", async () => {
    const { server, client } = await start();
    const answers = await send(client, [
      {
        id: "1",
        request: request("/messages", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: "{}",
        }),
      },
      { id: "2", request: request("/me"), dependsOn: ["1"] },
    ]);
    expect([...answers.getResponses()].map(([id, { status }]) => [id, status])).toEqual([
      ["1", 201],
      ["2", 200],
    ]);
    expect(asked(server)).toEqual(["POST /v1.0/messages", "GET /v1.0/me"]);
  });
});
