import * as z from 'zod';
import type { JsonPatchOperation } from '../records/workload.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { findStatusMessage, isAnswer } from './kubernetes-errors.ts';
import { sendKubernetes } from './kubernetes-json.ts';
import type { ChangeAnswer } from './kubernetes-scaling.ts';

/** Patches of one object that was read before, and of no other that has its name meanwhile. */

interface PatchedObject {
  /** What is tried, for messages. */
  readonly action: string;
  readonly path: string;
  readonly uid: string;
}

/** Applies a JSON patch to an object as long as it has the uid that was read. */
export const patchObject = async (
  connection: KubernetesConnection,
  { action, path, uid }: PatchedObject,
  patch: readonly JsonPatchOperation[],
  signal: AbortSignal | undefined,
): Promise<ChangeAnswer> => {
  const body = [{ op: 'test', path: '/metadata/uid', value: uid }, ...patch];
  try {
    const query = { fieldManager: 'drydock' };
    await sendKubernetes(connection, { action, method: 'PATCH', path, query, body }, signal);
    return 'changed';
  } catch (error) {
    if (isAnswer(error, 404) || isNotApplicable(error)) return 'gone';
    throw error;
  }
};

/**
 * The API server answers 422 both when a `test` fails and when the result is invalid; only the first has this message.
 * Measured on Kubernetes 1.36.
 */
const isNotApplicable = (error: unknown): boolean =>
  isAnswer(error, 422) &&
  error instanceof Error &&
  findStatusMessage(error.cause) === 'the server rejected our request due to an error in our request';

/** Sets an annotation, or takes it away; what is so already is not written again. */
export const annotate = async (
  connection: KubernetesConnection,
  object: PatchedObject,
  at: readonly string[],
  [annotation, value]: readonly [string, string | undefined],
  signal: AbortSignal | undefined,
): Promise<ChangeAnswer> => {
  const read = await readObject(connection, object, signal);
  if (read === undefined) return 'gone';
  const present = annotationsOf(read, at);
  if (present?.[annotation] === value) return 'changed';
  const all = `/${[...at, 'annotations'].join('/')}`;
  const one = `${all}/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const operation: JsonPatchOperation =
    value === undefined
      ? { op: 'remove', path: one }
      : present === undefined
        ? { op: 'add', path: all, value: { [annotation]: value } }
        : { op: 'add', path: one, value };
  return patchObject(connection, object, [operation], signal);
};

const readObject = async (
  connection: KubernetesConnection,
  { action, path }: PatchedObject,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  try {
    return await sendKubernetes(connection, { action, method: 'GET', path }, signal);
  } catch (error) {
    if (isAnswer(error, 404)) return undefined;
    throw error;
  }
};

const Members = z.record(z.string(), z.unknown());
const Words = z.record(z.string(), z.string());

/** Undefined when the object has no annotations at all, which a JSON patch has to know. */
const annotationsOf = (
  object: unknown,
  at: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const owner = at.reduce<unknown>((one, member) => Members.safeParse(one).data?.[member], object);
  return Words.safeParse(Members.safeParse(owner).data?.['annotations']).data;
};
