// In front of Node's HTTP server on one connection. By itself it parses all that a read brings, and serves thousands of
// pipelined requests at once. Here they are parsed in small parts and begin one after the other, few in one turn of the
// event loop, and what the client sends far ahead of its answers stays in the kernel.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection } from '../connection-book.ts';

/** What is parsed at once: of the shortest requests some 400. */
const sliceBytes = 8 * 1024;
/** With so many parsed and not begun nothing more is. Below that the socket is read, so that a client that leaves is seen. */
const maxWaiting = 16;

/** Carries a request out. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** Runs what is given at once or on one of the next turns of the event loop. */
export type InTurns = (work: () => void) => void;

type Waiting = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** Guards one connection. */
export class PipelineGate {
  readonly #socket: Socket;
  readonly #connection: Connection;
  readonly #serve: Serve;
  readonly #inTurns: InTurns;
  /** Node's listener for data, which brings it to its parser. */
  readonly #feed: (bytes: Buffer) => void;
  readonly #waiting: Waiting[] = [];
  #unparsed: Buffer | undefined;
  #isServing = false;
  #isPaused = false;

  /** Of a socket that Node's server has just taken. `inTurns` is shared by all, and runs little in one turn. */
  constructor(socket: Socket, connection: Connection, serve: Serve, inTurns: InTurns) {
    this.#socket = socket;
    this.#connection = connection;
    this.#serve = serve;
    this.#inTurns = inTurns;
    const [feed] = socket.listeners('data');
    this.#feed = feed as (bytes: Buffer) => void;
    socket.off('data', this.#feed).on('data', this.#onData).on('drain', this.#pump);
    // Node resumes it whenever somebody reads a body, also one that came long ago.
    socket.resume = () => (this.#isPaused ? socket : resumeOf(socket).call(socket));
  }

  /** Takes a request from Node's parser. */
  admit(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isServing) this.#begin({ request, response });
    else {
      this.#connection.underWay += 1;
      this.#waiting.push({ request, response });
    }
  }

  /** The connection is not Node's any more. Gives what it has not parsed. */
  leave(): Buffer | undefined {
    const rest = this.#unparsed;
    this.#unparsed = undefined;
    this.#isPaused = false;
    this.#socket.off('data', this.#onData).off('drain', this.#pump);
    this.#socket.resume = resumeOf(this.#socket);
    return rest;
  }

  #begin({ request, response }: Waiting): void {
    this.#isServing = true;
    response.once('close', this.#onOver);
    this.#serve(request, response);
  }

  readonly #onOver = (): void => {
    this.#isServing = false;
    if (this.#waiting.length > 0 || this.#unparsed !== undefined) this.#inTurns(this.#goOn);
  };

  readonly #goOn = (): void => {
    if (this.#socket.destroyed) return;
    const next = this.#isServing ? undefined : this.#waiting.shift();
    if (next !== undefined) {
      this.#connection.underWay -= 1;
      this.#begin(next);
    }
    this.#pump();
  };

  readonly #onData = (bytes: Buffer): void => {
    this.#unparsed = this.#unparsed === undefined ? bytes : Buffer.concat([this.#unparsed, bytes]);
    this.#pump();
  };

  readonly #pump = (): void => {
    for (let bytes = this.#unparsed; bytes !== undefined && !this.#isHeld(); bytes = this.#unparsed) {
      this.#unparsed = bytes.length > sliceBytes ? bytes.subarray(sliceBytes) : undefined;
      this.#feed(bytes.subarray(0, sliceBytes));
    }
    const isPaused = this.#unparsed !== undefined;
    if (isPaused === this.#isPaused || this.#socket.destroyed) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  };

  #isHeld(): boolean {
    // Set where Node itself waits for the client to read: its listener must not be called then.
    const { _paused: isHeldByNode } = this.#socket as { _paused?: boolean };
    return this.#waiting.length >= maxWaiting || isHeldByNode === true || this.#socket.destroyed;
  }
}

/** What its class says, whatever stands on the socket itself. */
function resumeOf(socket: Socket): Socket['resume'] {
  return (Object.getPrototypeOf(socket) as Socket).resume;
}
