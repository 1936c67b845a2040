// What rules see of a request. Building one allocates nothing but the object: the query stays a string, headers stay
// as Node made them, the address stays text; a matcher that needs more reads it when it runs.

/**
 * Header values by lower-case name, as Node's `IncomingHttpHeaders` has them. Rules look at each value of a repeated
 * field by itself, so arrays (`headersDistinct`) are read most exactly; joined values count as one.
 */
export type HeaderLookup = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The parts of a request that matchers ask for. */
export type RequestHead = {
  /** As sent: methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** From normaliseHost; empty when the request names no host. */
  readonly host: string;
  /** The `match` path of normalisePath. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly rawQuery: string;
  readonly headers: HeaderLookup;
  /** The peer's IP address without a port, never taken from X-Forwarded-For. */
  readonly clientAddress: string;
};
