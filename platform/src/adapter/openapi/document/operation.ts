import type { JsonObject } from '@batuta/contract';

/** Where a parameter stands in a request. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

/** How a parameter is written; `json`: as a JSON text. */
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'json';

/** How a value is written. */
export interface Encoding {
  style: ParameterStyle;
  explode: boolean;
  /** Reserved characters are sent as they are. */
  allowReserved: boolean;
}

/** A parameter of an operation. */
export interface ParameterPlan extends Encoding {
  /** Its name among the arguments of the tool. */
  argument: string;
  /** Its name in the request. */
  name: string;
  in: ParameterPlace;
}

/** A field of a form. */
export interface FieldPlan extends Encoding {
  /** Its value names an artifact, which is sent. */
  isFile: boolean;
  /** Content type of a part; null: by the value. */
  mediaType: string | null;
}

/** How the body of an operation is written. `file`: the artifact that the argument names. */
export interface BodyPlan {
  kind: 'json' | 'form' | 'multipart' | 'text' | 'file';
  mediaType: string;
  /** Of a form. A field that is not named here is written as its value asks for. */
  fields: Readonly<Record<string, FieldPlan>>;
}

/** What an operation does, where its document or the settings say it. */
export interface StatedAnnotations {
  readOnly?: boolean;
  destructive?: boolean;
  idempotent?: boolean;
  openWorld?: boolean;
  privateData?: boolean;
}

/** Methods that can be called. */
export type Method = 'get' | 'head' | 'options' | 'trace' | 'post' | 'put' | 'patch' | 'delete';

/** One operation of a document, ready to be called: plain data, so that it can come from another thread. */
export interface Operation {
  /** Unique in its document: letters, digits, `_` and `-`. */
  id: string;
  method: Method;
  /** With its variables: `/invoices/{id}`. */
  path: string;
  description: string;
  inputSchema: JsonObject;
  parameters: readonly ParameterPlan[];
  body: BodyPlan | null;
  /** Alternatives, each with the names of the schemes that it needs together; empty: no credentials. */
  security: readonly (readonly string[])[];
  /** Servers of its own; empty: those of the document. */
  servers: readonly ApiServer[];
  /** The header by which the API recognises a repetition. */
  idempotencyHeader: string | null;
  /** Content types that it answers with. */
  accepts: readonly string[];
  stated: StatedAnnotations;
}

/** Where an API is. */
export interface ApiServer {
  /** May be relative to the document's own address and have variables: `https://{region}.example.com`. */
  url: string;
  /** Defaults of the variables. */
  variables: Readonly<Record<string, string>>;
}

/** What a scheme of authentication needs. */
export type SecurityScheme =
  | { type: 'api-key'; in: 'header' | 'query' | 'cookie'; name: string }
  | { type: 'bearer' }
  | { type: 'basic' }
  | { type: 'oauth2'; authorizationUrl: string | null; tokenUrl: string | null; scopes: readonly string[] }
  | { type: 'unsupported'; reason: string };

/** What a document as a whole says. */
export interface ApiDescription {
  title: string;
  version: string;
  servers: readonly ApiServer[];
  schemes: Readonly<Record<string, SecurityScheme>>;
}

/** An operation that was left out. */
export interface LeftOut {
  /** `POST /invoices`. */
  operation: string;
  place: string;
  reason: string;
}
