import { createHash, randomUUID } from 'node:crypto';
import type { Cancellation, ErrorDetail, UpdateParam, UpdateType } from '@aws-sdk/client-eks';
import { EksException } from './answer.ts';

/** What an update is about; the cluster itself when neither is there. */
export interface UpdateSubject {
  readonly nodegroupName?: string;
  readonly addonName?: string;
}

/** One update and how it will end. */
export interface EksUpdate extends UpdateSubject {
  readonly id: string;
  readonly type: UpdateType;
  readonly params: readonly UpdateParam[];
  readonly createdAt: Date;
  /** The client request token, and what was asked with it. */
  readonly token: string;
  readonly request: string;
  /** Until then the nodes of EKS Auto Mode move, and it may be cancelled. */
  readonly nodesUntil?: Date;
  endsAt: Date;
  /** One of the documented four, or what a script shows beyond them. */
  status: string;
  errors: readonly ErrorDetail[];
  cancellation?: Cancellation;
  /** Carries its change out, or tells why it fails. */
  readonly finish: () => Promise<readonly ErrorDetail[]>;
  settling?: Promise<void>;
  isOver: boolean;
}

/** How an update that begins next goes, when it is not to succeed after the usual time. */
export interface UpdateScript {
  /** Absent: any cluster, any type, any thing. */
  readonly cluster?: string;
  readonly type?: UpdateType;
  /** `cluster`, `addon/coredns`, `nodegroup/blue`. */
  readonly about?: string;
  readonly seconds?: number;
  /** It fails with these. */
  readonly errors?: readonly ErrorDetail[];
  /** Shown instead of `InProgress`: the guide speaks of `Cancelling`, which the API's list of statuses lacks. */
  readonly runningStatus?: string;
}

export interface BeginUpdate extends UpdateSubject {
  readonly type: UpdateType;
  readonly params: readonly UpdateParam[];
  readonly token: string | undefined;
  readonly request: unknown;
  readonly now: Date;
  readonly seconds: number;
  /** Seconds of them in which the nodes of EKS Auto Mode move. */
  readonly nodeSeconds?: number;
  readonly script: UpdateScript | undefined;
  /** Carries the change out; what it returns fails the update. */
  readonly finish: () => Promise<readonly ErrorDetail[] | void>;
  /** What a failure leaves behind, beside the old version. */
  readonly onFailed?: (errors: readonly ErrorDetail[]) => void;
}

/** Writes a new update into the log of its cluster. */
export const beginUpdate = (log: EksUpdate[], begin: BeginUpdate): EksUpdate => {
  const { nodegroupName, addonName, now, script, nodeSeconds } = begin;
  const update: EksUpdate = {
    id: randomUUID(),
    ...(nodegroupName === undefined ? {} : { nodegroupName }),
    ...(addonName === undefined ? {} : { addonName }),
    ...(nodeSeconds === undefined ? {} : { nodesUntil: addSeconds(now, nodeSeconds) }),
    type: begin.type,
    params: begin.params,
    createdAt: now,
    token: begin.token ?? randomUUID(),
    request: fingerprint(begin.request),
    endsAt: addSeconds(now, begin.seconds),
    status: script?.runningStatus ?? 'InProgress',
    errors: [],
    finish: async () => {
      const errors = script?.errors?.length ? script.errors : ((await begin.finish()) ?? []);
      if (errors.length > 0) begin.onFailed?.(errors);
      return errors;
    },
    isOver: false,
  };
  log.push(update);
  return update;
};

/**
 * The update that this client request token stands for already; undefined when it is new.
 *
 * @throws EksException when it was used for something else. EKS does not document which exception that is.
 */
export const findRepeated = (
  log: readonly EksUpdate[],
  token: string | undefined,
  request: unknown,
): EksUpdate | undefined => {
  const before = token === undefined ? undefined : log.find((update) => update.token === token);
  if (before === undefined || before.request === fingerprint(request)) return before;
  throw new EksException(
    'InvalidParameterException',
    'The clientRequestToken was used before with other parameters.',
  );
};

/** Ends every update whose time is over, once each, however many callers look at the same moment. */
export const settleUpdates = async (log: readonly EksUpdate[], now: Date): Promise<void> => {
  const due = log.filter((update) => !update.isOver && update.endsAt <= now);
  await Promise.all(due.map((update) => (update.settling ??= settle(update))));
};

const settle = async (update: EksUpdate): Promise<void> => {
  const errors = await update.finish();
  update.isOver = true;
  update.errors = errors;
  update.status = errors.length === 0 ? 'Successful' : 'Failed';
};

/** Has what is under way end by now, however long it was to take. */
export const endUpdates = (log: readonly EksUpdate[], now: Date): void => {
  for (const update of log) if (!update.isOver && update.endsAt > now) update.endsAt = now;
};

/** The update under way for the cluster itself, or for one add-on or node group of it. */
export const findRunning = (log: readonly EksUpdate[], subject: UpdateSubject = {}): EksUpdate | undefined =>
  log.find((update) => !update.isOver && isAbout(update, subject));

export const isAbout = (update: EksUpdate, subject: UpdateSubject): boolean =>
  update.nodegroupName === subject.nodegroupName && update.addonName === subject.addonName;

/** Takes the first script that fits out of the list, so that the update after it goes well again. */
export const takeScript = (
  scripts: UpdateScript[],
  update: { readonly cluster: string; readonly type: UpdateType; readonly about: string },
): UpdateScript | undefined => {
  const index = scripts.findIndex(
    (script) =>
      (script.cluster ?? update.cluster) === update.cluster &&
      (script.type ?? update.type) === update.type &&
      (script.about ?? update.about) === update.about,
  );
  return index === -1 ? undefined : scripts.splice(index, 1)[0];
};

const addSeconds = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1_000);

const fingerprint = (request: unknown): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex');
