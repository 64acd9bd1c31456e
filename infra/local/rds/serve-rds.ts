import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { CutConnection, type Faults } from '../faults.ts';
import type { Operation, RdsAccount } from './account.ts';
import { RdsError, type RdsErrorName, writeAnswer, writeError } from './answer.ts';
import type { Authority } from './authorise.ts';
import { INSTANCE_OPERATIONS } from './instances.ts';
import { MODIFY_OPERATIONS } from './modify-instance.ts';
import { RESTORE_OPERATIONS } from './restore-instance.ts';
import { SNAPSHOT_OPERATIONS } from './snapshots.ts';
import { TAG_OPERATIONS } from './tags.ts';

/** A call that was made, for those who want to know who asked for what. */
export interface RdsCall {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Everything that a request needs. */
export interface RdsService {
  readonly account: RdsAccount;
  readonly faults: Faults<RdsErrorName>;
  readonly calls: RdsCall[];
  /** Undefined: everybody may do everything. */
  readonly authority: Authority | undefined;
}

const MAX_CALLS = 10_000;

/** Every operation that is answered; what each does and leaves out is said in its own file. */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [
    ...INSTANCE_OPERATIONS,
    ...MODIFY_OPERATIONS,
    ...RESTORE_OPERATIONS,
    ...SNAPSHOT_OPERATIONS,
    ...TAG_OPERATIONS,
  ].map((operation) => [operation.name, operation]),
);

/** Answers one request in the query protocol: parameters as a form, the answer as XML. */
export const serveRds = async (
  service: RdsService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const send = (status: number, xml: string): void => {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  };
  try {
    const body = await text(request);
    const parameters = new URLSearchParams(body);
    const name = parameters.get('Action') ?? '';
    service.calls.push({ operation: name, parameters: Object.fromEntries(parameters) });
    if (service.calls.length > MAX_CALLS) service.calls.shift();
    const isLost = service.faults.strike(name);
    await service.authority?.check({
      headers: request.headers,
      body,
      parameters,
      tags: tagsOf(service.account, parameters),
    });
    const operation = OPERATIONS.get(name);
    if (!operation) throw new RdsError('InvalidAction', `The local RDS does not answer ${name}.`);
    const answer = await operation.answer(service.account, parameters);
    if (isLost) throw new CutConnection();
    send(200, writeAnswer(name, answer));
  } catch (error) {
    if (error instanceof CutConnection) {
      request.socket.destroy();
      return;
    }
    const message = error instanceof Error ? error.message : 'bad request';
    if (error instanceof RdsError) send(error.status, writeError(error.name, message));
    else send(500, writeError('InternalFailure', message));
  }
};

const tagsOf = ({ instances }: RdsAccount, parameters: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    (instances.get(parameters.get('DBInstanceIdentifier') ?? '')?.shown.TagList ?? []).flatMap(
      ({ Key, Value }): [string, string][] => (Key === undefined ? [] : [[Key, Value ?? '']]),
    ),
  );
