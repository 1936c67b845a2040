// The way of an exchange through the stages that it has met, to what lies behind the last of them and back. One for all
// lanes that run stages.
import { forwardableResponseFields } from '../../lib/forwardable-fields.ts';
import type { ReadonlyFields } from '../../lib/header-fields.ts';
import { GatewayError, toGatewayError } from '../../model/errors.ts';
import { mainOf, stopFor } from '../exchange/choose-balancer.ts';
import { replicaFor } from '../exchange/choose-replica.ts';
import type { StagedCore } from '../exchange/decide.ts';
import { rewriteResponse } from '../exchange/rewrite-response.ts';
import type { CompiledBalancer, CompiledService } from '../exchange/snapshot.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../live-state/upstream.ts';
import type { Answer, Exchange, MetStage, Send } from '../middlewares/exchange.ts';
import { giveAnswer } from '../middlewares/give-answer.ts';
import { RelayingHandler } from '../middlewares/relaying-handler.ts';
import { sendMirrored } from './mirrored.ts';
import type { AttemptNotes } from './next-replica.ts';
import type { Passage } from './passage.ts';
import { reportFault } from './report-fault.ts';
import { ServiceRequest } from './service-request.ts';

/** Carries a staged verdict out. `request` is as the client sent it, `handler` the lane's. */
export function sendThrough(
  passage: Passage,
  core: StagedCore,
  request: UpstreamRequest,
  handler: UpstreamHandler,
): UpstreamExchange {
  const { exchange } = passage;
  const stages = exchange.stages ?? [];
  let send = sendFor(passage, core);
  let rewritesEnd = exchange.responseRewrites.length;
  for (const { stage, rewritesBefore } of stages.toReversed()) {
    send = stageAround(passage, stage, behindStage(exchange, send, rewritesBefore, rewritesEnd));
    rewritesEnd = rewritesBefore;
  }
  return send(request, handler);
}

/** A request as it is before its replica is chosen. */
export function toServiceRequest(exchange: Exchange, body: UpstreamRequest['body']): UpstreamRequest {
  const { method, path, query, host, fields, upgrade } = exchange;
  return { method, target: path + query, host, fields, body, upgrade };
}

function stageAround(passage: Passage, stage: MetStage['stage'], send: Send): Send {
  return (request, handler) =>
    stage(request, handler, {
      exchange: passage.exchange,
      send,
      sendTo: (name, ownRequest, ownHandler) => sendToOther(passage, name, ownRequest, ownHandler),
      noteRetry() {
        passage.retries += 1;
      },
      noteFault: (error) => void reportFault(passage, error),
    });
}

/** The middlewares between a stage and what follows rewrite the heads that pass from there to it. */
function behindStage(exchange: Exchange, send: Send, from: number, to: number): Send {
  return (request, handler) => send(request, new StageSide(handler, exchange, from, to));
}

/** Fields come to a stage as they would go to the client, without those of the replica's connection. */
class StageSide extends RelayingHandler {
  readonly #exchange: Exchange;
  readonly #from: number;
  readonly #to: number;

  constructor(handler: UpstreamHandler, exchange: Exchange, from: number, to: number) {
    super(handler);
    this.#exchange = exchange;
    this.#from = from;
    this.#to = to;
  }

  override onHead(status: number, upstreamFields: ReadonlyFields, isLast?: boolean): void {
    const fields = forwardableResponseFields(upstreamFields, true);
    rewriteResponse(this.#exchange, fields, this.#from, this.#to);
    super.onHead(status, fields, isLast);
  }
}

function sendFor(passage: Passage, core: StagedCore): Send {
  if ('service' in core) return sendToService(passage, core.service, passage);
  if ('answer' in core) return answering(core.answer);
  return (_request, handler) => {
    handler.onError(toGatewayError(core.error));
    return nothingUnderWay;
  };
}

/** Every request to the service goes to a replica that has had none of the earlier ones, as long as there is one. */
function sendToService(passage: Passage, service: CompiledService, notes: AttemptNotes): Send {
  const asked: LiveReplica[] = [];
  const copy = (name: string, request: UpstreamRequest, handler: UpstreamHandler) =>
    sendToOther(passage, name, request, handler);
  const sendTo =
    (target: CompiledService): Send =>
    (request, handler) => {
      let stop: ReturnType<typeof stopFor>;
      let replica: LiveReplica | undefined;
      try {
        stop = stopFor(target, passage.exchange);
        if (stop.kind === 'loadBalancer') {
          replica = chooseAnother(stop, passage.exchange, asked, notes.tried);
        }
      } catch (error) {
        handler.onError(toGatewayError(error));
        return nothingUnderWay;
      }
      if (stop.kind !== 'loadBalancer') {
        return sendMirrored(stop.mirrors, request, handler, sendTo(mainOf(stop)), copy);
      }
      asked.push(replica as LiveReplica);
      const sent = new ServiceRequest({ passage, service: stop, request, handler, notes });
      sent.sendTo(replica as LiveReplica);
      return sent;
    };
  return sendTo(service);
}

function chooseAnother(
  service: CompiledBalancer,
  exchange: Exchange,
  asked: readonly LiveReplica[],
  refused: readonly LiveReplica[],
): LiveReplica {
  const others = [...asked, ...refused];
  const isAnyLeft = service.live.ready.some((replica) => !others.includes(replica));
  return replicaFor(service, exchange, isAnyLeft ? others : []);
}

function sendToOther(
  passage: Passage,
  name: string,
  request: UpstreamRequest,
  handler: UpstreamHandler,
): UpstreamExchange {
  const service = passage.core.snapshot()?.service(name);
  const send: Send =
    service === undefined
      ? sendFor(passage, { error: new GatewayError('no-server') })
      : // The records of the client's request do not speak of it.
        sendToService(passage, service, notesOfItsOwn());
  return send(request, handler);
}

function notesOfItsOwn(): AttemptNotes {
  return {
    replica: undefined,
    replicaUrl: undefined,
    upstreamStatus: undefined,
    firstByteMs: undefined,
    retries: 0,
    tried: [],
  };
}

function answering(answer: Answer): Send {
  return ({ method }, handler) => {
    giveAnswer(answer, method, handler);
    return nothingUnderWay;
  };
}

/** It was over before anybody could give it up. */
const nothingUnderWay: UpstreamExchange = Object.freeze({ reused: false, resume() {}, abort() {} });
