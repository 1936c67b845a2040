// An answer of the API that is not 200. Its message is for the client, as `{"message": …}` (Traefik's form).

/** Thrown while a request is answered; `status` is the answer's. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}
