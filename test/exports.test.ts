/** The public surface, so that no change of it goes unseen. */
import { describe, expect, test } from "vitest";
import * as codec from "../src/codec.ts";
import * as main from "../src/index.ts";

describe("The door batchwire", () => {
  test("exports these classes, functions and constants", () => {
    expect(Object.keys(main).sort()).toEqual([
      "Base64DecoderStream",
      "Base64EncoderStream",
      "BatchwireError",
      "BodyPart",
      "HeaderList",
      "MultipartReader",
      "OctetPool",
      "QuotedPrintableDecoderStream",
      "QuotedPrintableEncoderStream",
      "RequestMessage",
      "ResponseMessage",
      "createBoundary",
      "defaultLimits",
      "formatContentDisposition",
      "formatMediaType",
      "fromRequest",
      "fromResponse",
      "httpMessageStream",
      "isBoundary",
      "multipartStream",
      "parseContentDisposition",
      "parseMediaType",
      "readHttpMessage",
      "toRequest",
      "toResponse",
    ]);
  });
});

describe("The door batchwire/codec", () => {
  test("exports these classes, functions and constants", () => {
    expect(Object.keys(codec).sort()).toEqual([
      "Base64Decoder",
      "Base64Encoder",
      "BatchwireError",
      "Budget",
      "HeaderList",
      "HttpMessageParser",
      "HttpMessageSerializer",
      "JsonArrayParser",
      "MultipartParser",
      "MultipartSerializer",
      "OctetPool",
      "PullMachine",
      "QuotedPrintableDecoder",
      "QuotedPrintableEncoder",
      "WholePart",
      "WholePartParser",
      "base64Length",
      "boundaryOf",
      "createBoundary",
      "createTransferDecoder",
      "createTransferEncoder",
      "decodeWord",
      "decodeWords",
      "defaultLimits",
      "encodeWords",
      "formatContentDisposition",
      "formatMediaType",
      "isBoundary",
      "parseContentDisposition",
      "parseMediaType",
    ]);
  });
});

test("What both doors export is the same thing: an error of one is an error of the other", () => {
  const both = Object.keys(main).filter((name) => Object.hasOwn(codec, name));
  expect(both).toContain("BatchwireError");
  for (const name of both) expect(Reflect.get(codec, name), name).toBe(Reflect.get(main, name));
});

/** The types, which only a compiler sees; `test/node/docs.test.ts` sees to it that the lists are complete. */
export type MainTypes = [
  main.ByteSource,
  main.ChunkSource,
  main.ContentDisposition,
  main.ContentDispositionInit,
  main.ConversionOptions,
  main.Deviation,
  main.Dropped,
  main.ErrorCode,
  main.HeaderListInit,
  main.HttpMessage,
  main.HttpMessageInit,
  main.HttpMessageStream,
  main.HttpMessageStreamOptions,
  main.Limits,
  main.MediaType,
  main.MediaTypeInit,
  main.MultipartReaderOptions,
  main.MultipartStream,
  main.MultipartStreamOptions,
  main.Origin,
  main.OutgoingBody,
  main.PartInit,
  main.Position,
  main.ReadHttpMessageOptions,
  main.RequestMessageInit,
  main.ResponseMessageInit,
  main.SyntaxCode,
  main.ToRequestOptions,
  main.Tolerance,
  main.ToleranceOptions,
];

export type CodecTypes = [
  codec.Base64EncoderOptions,
  codec.CodeOptions,
  codec.ContentDisposition,
  codec.ContentDispositionInit,
  codec.ContentDispositionOptions,
  codec.DecodeWordsOptions,
  codec.Deviation,
  codec.EmbeddedMessageOptions,
  codec.EncodeWordsOptions,
  codec.ErrorCode,
  codec.HeaderListInit,
  codec.HttpMessageEvent,
  codec.HttpMessageParserOptions,
  codec.HttpMessageSerializerOptions,
  codec.HttpMessageWriteEvent,
  codec.JsonArrayEvent,
  codec.JsonArrayParserOptions,
  codec.Limits,
  codec.MediaType,
  codec.MediaTypeInit,
  codec.MultipartEvent,
  codec.MultipartParserOptions,
  codec.MultipartSerializerOptions,
  codec.MultipartWriteEvent,
  codec.Origin,
  codec.ParameterOptions,
  codec.ParametersInit,
  codec.Position,
  codec.Profile,
  codec.QuotedPrintableEncoderOptions,
  codec.RequestHead,
  codec.RequestLine,
  codec.ResponseHead,
  codec.StatusLine,
  codec.SyntaxCode,
  codec.Tolerance,
  codec.ToleranceOptions,
  codec.TransferDecoder,
  codec.TransferDecoderOptions,
  codec.TransferEncoder,
  codec.WholePartParserOptions,
  codec.Within,
];
