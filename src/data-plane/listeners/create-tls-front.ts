// What stands behind the first bytes of a TLS connection: the handshake, then the lane of the protocol that was agreed.
import type { TlsMaterial } from '../../model/tls-material.ts';
import type { ExchangeRecorder } from '../../observability/create-exchange-recorder.ts';
import type { Lane, LaneCore } from '../lanes/lane.ts';
import { createTlsAcceptor, type TlsAcceptor, type TlsAcceptorIo } from '../tls/create-tls-acceptor.ts';

/** Lanes by the protocol that they speak (ALPN), best first. HTTP/1.1 is also for clients that name none. */
export type LaneByAlpn = { readonly h2?: Lane; readonly 'http/1.1': Lane };

/** Who hears of handshakes. */
export type TlsFrontParts = Pick<LaneCore, 'connections' | 'log'> & {
  readonly recorder: Pick<ExchangeRecorder, 'countHandshakeFailure'>;
};

/** `limitMs` is for the whole handshake. */
export function createTlsFront(
  entryPoint: string,
  { connections, recorder, log }: TlsFrontParts,
  lanes: LaneByAlpn,
  material: TlsMaterial,
  limitMs: number,
): TlsAcceptor {
  return createTlsAcceptor(
    material,
    { protocols: Object.keys(lanes), fallback: 'http/1.1', limitMs },
    {
      onSecure(encrypted, raw, protocol) {
        connections.secure(raw, encrypted);
        const lane = protocol === 'h2' ? lanes.h2 : undefined;
        (lane ?? lanes['http/1.1']).accept(encrypted, undefined);
      },
      ...reportFailures(entryPoint, { recorder, log }),
    },
  );
}

/** Handshakes that fail are counted, and told to whoever looks for them. */
export function reportFailures(
  entryPoint: string,
  { recorder, log }: Pick<TlsFrontParts, 'recorder' | 'log'>,
): Pick<TlsAcceptorIo, 'onFault' | 'onFailure'> {
  return {
    onFault(raw, error) {
      log.error(
        { entryPoint, client: raw.remoteAddress, err: error },
        'An encrypted connection cannot be served.',
      );
    },
    onFailure(raw, failure, { message }) {
      recorder.countHandshakeFailure(entryPoint, failure);
      // Port scanners and clients that distrust the certificate come all day: nothing for the operator to read.
      log.debug(
        { entryPoint, client: raw.remoteAddress, failure, reason: message },
        'A TLS handshake failed.',
      );
    },
  };
}
