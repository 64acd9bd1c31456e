import type { CloneAnswer, CloneLogin } from '../../../clients/gitlab/clone.ts';
import type { RunnersAnswer } from '../../../clients/gitlab/runners.ts';
import type { Configuration } from '../../../records/configuration.ts';
import { isDrydockError } from '../../../runtime/errors.ts';
import { withoutDot } from '../../job/sentence-part.ts';
import type { OutsideSources } from './outside-look.ts';

/** What reaches a GitLab from outside, each with its signal last. */
export interface OutsideClients {
  readonly signIn: (url: string, signal: AbortSignal) => Promise<boolean>;
  readonly clone: (url: string, signal: AbortSignal) => Promise<CloneAnswer>;
  readonly privateClone: (url: string, login: CloneLogin, signal: AbortSignal) => Promise<CloneAnswer>;
  readonly runners: (url: string, token: string, signal: AbortSignal) => Promise<RunnersAnswer>;
  readonly readSecret: (reference: string) => Promise<string>;
}

type Settings = Configuration['environments'][string]['gitlab'];

/**
 * Opens the looks at one GitLab. What takes a token is done with the one that drydock.yaml names, and not at all where it
 * names none; a secret that can not be read fails no restore.
 *
 * @param gitlab of the environment that is restored into; undefined for a place that nobody reaches from outside.
 */
export const openOutside = (
  gitlab: Settings,
  { signIn, clone, privateClone, runners, readSecret }: OutsideClients,
  signal: AbortSignal,
): OutsideSources => {
  const secret = gitlab?.token?.secret;
  const project = gitlab?.project;
  const withToken = async <T>(ask: (token: string) => Promise<T>, reference: string): Promise<T | Denied> => {
    try {
      return await ask(await readSecret(reference));
    } catch (error) {
      signal.throwIfAborted();
      if (!isDrydockError(error)) throw error;
      return { state: 'denied', why: withoutDot(error.message) };
    }
  };
  return {
    url: gitlab?.url,
    signIn: (url) => signIn(url, signal),
    clone: (url) =>
      secret === undefined || project === undefined
        ? clone(url, signal)
        : withToken((token) => privateClone(url, { project, token }, signal), secret),
    runners:
      secret === undefined ? undefined : (url) => withToken((token) => runners(url, token, signal), secret),
  };
};

interface Denied {
  readonly state: 'denied';
  readonly why: string;
}
