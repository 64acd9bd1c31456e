import type { EKSClient } from '@aws-sdk/client-eks';
import { RefusedError } from '../../runtime/errors.ts';
import { limitTime } from '../aws-clients.ts';
import { useEks } from './eks-client.ts';
import { type EksQuestion, explainEksError } from './eks-errors.ts';

/** What a call gets: the client of the region, and the limits of its time. */
export interface EksCall {
  readonly client: EKSClient;
  readonly options: { readonly abortSignal: AbortSignal };
}

/** Calls that look at single things of a list run so many at a time: EKS throttles an account that hurries. */
export const CALL_WIDTH = 4;

/** Makes one call to EKS, in one time limit with all its pages. @throws as `explainEksError` says. */
export const callEks = async <T>(
  question: EksQuestion,
  signal: AbortSignal | undefined,
  call: (eks: EksCall) => Promise<T>,
): Promise<T> => {
  try {
    return await call({ client: useEks(question.region), options: limitTime(signal) });
  } catch (error) {
    throw explainEksError(error, question);
  }
};

/** The items of all pages. */
export const collectPages = async <Page, Item>(
  pages: AsyncIterable<Page>,
  pick: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(pick(page) ?? []));
  return items;
};

/** What a list named may be gone when it is looked at: then it is undefined, and no failure. */
export const unlessGone = async <T>(call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'eks.missing') return undefined;
    throw error;
  }
};
