import type { Deviation } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { boundaryOf } from "../grammar/boundary.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { BodyPart } from "../stream/body-part.ts";
import type { ByteSource } from "../stream/chunk-source.ts";
import { readHttpMessage } from "../stream/http-message.ts";
import type { HttpMessage } from "../stream/http-message.ts";
import { MultipartReader } from "../stream/multipart-reader.ts";
import type { MultipartReaderOptions } from "../stream/multipart-reader-options.ts";
import { Findings } from "./findings.ts";
import { Arrival, hidesDelimiter } from "./input.ts";
import type { Form } from "./input.ts";
import { measure, unmeasured } from "./measures.ts";
import type { Report } from "./report.ts";

/** A part and what it holds: a message, a nested multipart body, or any other octets. */
export interface ReadPart {
  path: string;
  headers: HeaderList;
  message?: HttpMessage;
  group?: Group;
  /** Body of the message or of the part, decoded. */
  octets?: Uint8Array<ArrayBuffer>;
}

export interface Group {
  boundary: string;
  subtype: string;
  parts: ReadPart[];
}

export interface Batch extends Group {
  /** The multipart body as it was sent, without the chunks of the message around it. */
  body: Uint8Array;
  findings: Findings;
}

const limits = { maxBufferedBytes: Infinity } as const;

/** Reads a file as it would arrive over a network, and reports all that it holds while it does. */
export class BatchReading {
  readonly #octets: Uint8Array;
  readonly #arrival: Arrival;
  readonly #report: Report;
  readonly #findings = new Findings();
  #measures = unmeasured;
  #failure: unknown;

  constructor(octets: Uint8Array, chunkSize: number, report: Report) {
    this.#octets = octets;
    this.#arrival = new Arrival(octets, chunkSize);
    this.#report = report;
  }

  /** Whether something was wrong that is no mere deviation. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** The batch, if the file holds one and all of it could be read. */
  async read(form: Form): Promise<Batch | undefined> {
    try {
      const batch = await (form.is === "message" ? this.#readMessage() : this.#readBody(form.boundary));
      this.#report.findings(this.#findings.take());
      return this.failed ? undefined : batch;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** Documents and recordings get the outer Content-Length wrong: here the file frames the message. */
  async #readMessage(): Promise<Batch | undefined> {
    const findings = this.#findings;
    const options = { within: "part", tolerance: "lenient", limits } as const;
    const message = await readHttpMessage(this.#arrival.stream, {
      ...options,
      onDeviation: findings.noteOuter,
    });
    this.#report.outer(message);
    this.#report.contentCoding(message.headers.get("content-encoding"));
    const contentType = message.headers.get("content-type");
    const mediaType =
      contentType === undefined
        ? undefined
        : findings.ofField("Content-Type", "", () =>
            parseMediaType(contentType, { tolerance: "lenient", onDeviation: findings.note }),
          );
    if (contentType === undefined || mediaType?.type !== "multipart") {
      this.#report.notMultipart(mediaType?.essence, (await message.bytes()).length);
      return undefined;
    }
    const boundary = this.#boundaryOf(contentType, "");
    findings.bodyStart = message.headers.has("transfer-encoding") ? undefined : message.origin.offset;
    this.#report.findings(findings.take());
    this.#report.multipart(mediaType.essence, boundary);
    const whole = readHttpMessage(this.#octets, options).then((copy) => copy.bytes());
    this.#measures = await whole.then(
      (body) => measure(body, boundary),
      () => unmeasured,
    );
    const parts = await this.#readParts(findings.ofOuter(message), { boundary, contentType });
    return { boundary, subtype: mediaType.subtype, parts, body: await whole, findings };
  }

  async #readBody(boundary: string): Promise<Batch> {
    this.#report.multipart("a multipart body", boundary);
    if (hidesDelimiter(this.#octets)) this.#report.byteOrderMark();
    this.#measures = measure(this.#octets, boundary);
    const parts = await this.#readParts(this.#arrival.stream, { boundary });
    return { boundary, subtype: "mixed", parts, body: this.#octets, findings: this.#findings };
  }

  #readParts(source: ByteSource, options: MultipartReaderOptions): Promise<ReadPart[]> {
    const onDeviation = this.#findings.note;
    return this.#readGroup("", source, { ...options, limits, tolerance: "lenient", onDeviation });
  }

  /** Reads the multipart body that is in the part at `path`. */
  async #readGroup(path: string, source: ByteSource, options: MultipartReaderOptions): Promise<ReadPart[]> {
    let preambleLength = 0;
    const onPreamble = (octets: Uint8Array): void => {
      preambleLength += octets.length;
    };
    const reader = new MultipartReader(source, { ...options, onPreamble });
    const parts: ReadPart[] = [];
    for await (const part of reader) {
      if (parts.length === 0) this.#report.outside("preamble", preambleLength, path);
      const read: ReadPart = { path: part.path, headers: part.headers };
      parts.push(read);
      try {
        await this.#readPart(part, read);
      } catch (error) {
        // What comes next can be read all the same, unless the body around the part is broken.
        this.#fail(error);
      }
      this.#report.findings(this.#findings.take(part.path), part.path);
    }
    if (parts.length === 0) {
      this.#report.outside("preamble", preambleLength, path);
      this.#report.noParts(path);
    }
    await reader.closed;
    this.#report.outside("epilogue", this.#measures.epilogues.get(path) ?? 0, path);
    return parts;
  }

  async #readPart(part: BodyPart, read: ReadPart): Promise<void> {
    const { path, headers } = part;
    const { type, essence, subtype } = this.#mediaTypeOf(part);
    if (type === "multipart") {
      const contentType = headers.get("content-type")!;
      const boundary = this.#boundaryOf(contentType, path);
      this.#report.group(path, essence, boundary, this.#arrival.count);
      this.#remarkLength(part);
      read.group = { boundary, subtype, parts: [] };
      read.group.parts = await this.#readGroup(path, part, { boundary, contentType });
    } else if (essence === "application/http") {
      read.message = await this.#readMessageOf(part);
      this.#report.operation(path, read.message, this.#arrival.count);
      read.octets = await read.message.bytes();
      this.#report.body(read.message.headers.get("content-type"), read.octets.length);
      this.#remarkLength(part);
    } else {
      this.#report.content(path, headers, this.#arrival.count);
      read.octets = await part.bytes();
      this.#report.body(headers.get("content-type") ?? essence, read.octets.length);
      this.#remarkLength(part);
    }
  }

  /** Parts are framed by delimiters: what else tells their lengths is not heeded (RFC 2046 §5.1). */
  #remarkLength({ path, headers }: BodyPart): void {
    const declared = headers.get("content-length");
    const length = this.#measures.bodies.get(path);
    if (declared === undefined || length === undefined || Number(declared) === length) return;
    this.#report.ignoredLength(declared, length);
  }

  async #readMessageOf(part: BodyPart): Promise<HttpMessage> {
    try {
      return await readHttpMessage(part);
    } catch (error) {
      this.#report.unreadable(part.path, this.#arrival.count);
      throw error;
    }
  }

  #mediaTypeOf(part: BodyPart): { type: string; subtype: string; essence: string } {
    try {
      return part.mediaType;
    } catch (error) {
      const code = "malformed-media-type";
      if (!(error instanceof BatchwireError) || error.code !== code) throw error;
      const { offset, offsetBase, path } = error;
      this.#findings.note({ code, offset, offsetBase, path });
      return { type: "", subtype: "", essence: "" };
    }
  }

  /** Notes only what reading the media type has not noted. */
  #boundaryOf(contentType: string, path: string): string {
    const onDeviation = (deviation: Deviation): void => {
      if (deviation.code === "invalid-boundary") this.#findings.note(deviation);
    };
    return this.#findings.ofField("Content-Type", path, () =>
      boundaryOf(contentType, { tolerance: "lenient", onDeviation }),
    );
  }

  #fail(error: unknown): void {
    if (!(error instanceof BatchwireError)) throw error;
    if (error === this.#failure) return;
    this.#failure = error;
    const finding = this.#findings.locate(error);
    this.#report.findings(this.#findings.take(), finding.path);
    this.#report.error(finding, error);
  }
}
