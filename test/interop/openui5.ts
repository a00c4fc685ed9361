import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { pathOf } from "./support.ts";

const read = (path: string): string =>
  readFileSync(pathOf(`node_modules/@openui5/sap.ui.core/src/sap/${path}`), "utf8");

/** What a module of OpenUI5 defines, given those that it depends on. */
function define(path: string, dependencies: readonly unknown[]): unknown {
  let value: unknown;
  const sap = {
    ui: {
      define: (...args: unknown[]) => {
        const factory = args.find((arg) => typeof arg === "function") as (...values: unknown[]) => unknown;
        value = factory(...dependencies);
      },
    },
  };
  runInContext(read(path), createContext({ sap }), { filename: path });
  return value;
}

export interface Ui5Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: unknown;
  $ContentID?: string;
}

export interface Ui5Response {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  responseText: string;
}

/** `sap/ui/model/odata/v4/lib/_Batch`, with as much of `_Helper` as it uses. */
export function loadBatch(): {
  serializeBatchRequest(
    requests: readonly (Ui5Request | Ui5Request[])[],
    epilogue: string,
  ): { body: string; headers: Record<string, string> };
  deserializeBatchResponse(contentType: string, body: string): (Ui5Response | Ui5Response[])[];
} {
  let uid = 0;
  const helper = {
    uid: () => `id-${uid++}`,
    resolveIfMatchHeader: (headers: Record<string, string>) => headers,
  };
  const escapeRegExp = define("base/strings/escapeRegExp.js", []);
  return define("ui/model/odata/v4/lib/_Batch.js", [helper, escapeRegExp]) as never;
}

export interface DataJsRequest {
  method?: string;
  requestUri: string;
  headers?: Record<string, string>;
  data?: unknown;
}

export interface DataJsResponse {
  statusCode: string;
  statusText: string;
  headers: Record<string, string>;
  data?: unknown;
  message?: string;
  response?: { statusCode: string; body: string };
}

export interface DataJsBatch {
  __batchRequests: ({ __changeRequests: DataJsRequest[] } | DataJsRequest)[];
}

export interface DataJsAnswer {
  __batchResponses: ({ __changeResponses: DataJsResponse[] } | DataJsResponse)[];
}

interface HttpClientRequest {
  requestUri: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

/** The batches of `sap/ui/thirdparty/datajs`, sent by `fetch` where a browser has `XMLHttpRequest`. */
export function loadDataJs(): (uri: string, data: DataJsBatch) => Promise<DataJsAnswer> {
  const window: Record<string, any> = { setTimeout, JSON };
  runInContext(read("ui/thirdparty/datajs.js"), createContext({ window, setTimeout }));
  const { OData } = window;
  const client = {
    request: (
      { requestUri, method, headers, body }: HttpClientRequest,
      success: (response: unknown) => void,
      error: (reason: unknown) => void,
    ) => {
      fetch(requestUri, { method, headers, body })
        .then(async (response) => {
          const fields = { "Content-Type": response.headers.get("content-type") };
          success({ requestUri, statusCode: response.status, headers: fields, body: await response.text() });
        })
        .catch(error);
    },
  };
  return (requestUri, data) =>
    new Promise((resolve, reject) => {
      OData.request({ requestUri, method: "POST", data }, resolve, reject, OData.batchHandler, client);
    });
}
