import type { AtomicGroups } from "../../../../src/batch.ts";
import type { SeenOperation } from "./serve.ts";

export interface Author {
  ID: number;
  name: string;
}

export type Draft = Map<number, Author>;

/** An OData service with one entity set, `Authors`, in memory. */
export class AuthorService {
  authors: Draft;
  readonly #version: 2 | 4;

  constructor(authors: readonly Author[], version: 2 | 4 = 4) {
    this.authors = new Map(authors.map((author) => [author.ID, author]));
    this.#version = version;
  }

  /** A change set writes to a copy, which takes the place of what was there. */
  readonly atomic: AtomicGroups<Draft> = {
    begin: () => new Map(this.authors),
    commit: (draft) => void (this.authors = draft),
    rollback: () => {},
  };

  readonly answer = ({ method, path, body }: SeenOperation, draft: Draft = this.authors): Response => {
    const [, key] = /\/Authors(?:\((\d+)\))?\/?(?:\?.*)?$/.exec(decodeURIComponent(path)) ?? [];
    if (!path.includes("/Authors")) return this.#failed(404, `There is no ${path}`);
    if (key === undefined) return method === "POST" ? this.#create(body, draft) : this.#list(draft);
    const id = Number(key);
    const author = draft.get(id);
    if (author === undefined) return this.#failed(404, `There is no author ${id}`);
    if (method === "GET") return this.#entity(author, 200);
    if (method === "DELETE") draft.delete(id);
    else draft.set(id, { ...author, ...(JSON.parse(body) as Partial<Author>) });
    return new Response(null, { status: 204, headers: this.#versionField() });
  };

  #create(body: string, draft: Draft): Response {
    const author = JSON.parse(body) as Author;
    if (draft.has(author.ID)) return this.#failed(409, `Author ${author.ID} exists`);
    draft.set(author.ID, author);
    return this.#entity(author, 201);
  }

  #list(draft: Draft): Response {
    const all = [...draft.values()];
    return this.#json(this.#version === 2 ? { d: { results: all } } : { value: all }, 200);
  }

  #entity(author: Author, status: number): Response {
    const value = this.#version === 2 ? { d: author } : author;
    return this.#json(value, status, { Location: `Authors(${author.ID})`, ETag: `W/"${author.ID}"` });
  }

  #failed(status: number, message: string): Response {
    const text = this.#version === 2 ? { lang: "en", value: message } : message;
    return this.#json({ error: { code: String(status), message: text } }, status);
  }

  #json(value: unknown, status: number, headers: Record<string, string> = {}): Response {
    return Response.json(value, { status, headers: { ...this.#versionField(), ...headers } });
  }

  #versionField(): Record<string, string> {
    return this.#version === 2 ? { DataServiceVersion: "2.0" } : { "OData-Version": "4.0" };
  }
}
