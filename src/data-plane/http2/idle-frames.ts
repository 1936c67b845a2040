// Frames that move nothing (SETTINGS, PING, PRIORITY, empty DATA, windows, what is unknown), and how many of them may come.
import { Allowance } from '../../lib/http2/allowance.ts';
import { ConnectionFault, errorCode } from '../../lib/http2/frames.ts';
import type { SendSide } from './send-side.ts';

/**
 * So many at once and so many a second, and as many more for each useful frame as Envoy allows. Floods of them (CVE-2019-9511
 * to -9518) end here; probes of gRPC for bandwidth, one PING for a frame of data, do not.
 */
const burst = 1_000;
const perSecond = 200;
const perUsefulFrame = 10;

/** Of one connection. */
export class IdleFrames {
  readonly #allowance = new Allowance(burst, perSecond, performance.now());

  /** Another one. @throws ConnectionFault where it is one too many. */
  count(out: SendSide): void {
    if (this.#allowance.take(now)) return;
    this.#allowance.earn(out.usefulFrames * perUsefulFrame);
    out.usefulFrames = 0;
    if (!this.#allowance.take(now)) {
      throw new ConnectionFault(errorCode.enhanceYourCalm, 'Frames that move nothing come without end.');
    }
  }
}

function now(): number {
  return performance.now();
}
