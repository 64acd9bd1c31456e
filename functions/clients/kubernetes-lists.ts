import * as z from 'zod';
import { nameResource } from '../records/upgrade/api-facts.ts';
import { TransientError } from '../runtime/errors.ts';
import { readMetadata } from './kubernetes-metadata.ts';
import type { ListQuestion, ObjectMetadata, Page } from './kubernetes-reader.ts';
import { type Asker, askKubernetes, findApiException, readJson } from './kubernetes-request.ts';

/** Lists of the Kubernetes API, page by page. */

/**
 * Spec and status never travel, and the API server need not even encode them:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-metadata (KEP 2334).
 */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
/** Objects a page: what client-go's pager asks for (`defaultPageSize` in k8s.io/client-go/tools/pager). */
const PAGE_LIMIT = 500;

const List = z.object({
  metadata: z.object({ continue: z.string().optional().catch(undefined) }).catch({}),
  // An empty list is `null` where the server builds it of a nil slice.
  items: z.array(z.unknown()).nullable(),
});

/** Lists the metadata of objects. Throws as `KubernetesReader` says. */
export const listMetadata = async (
  asker: Asker,
  question: ListQuestion,
  signal?: AbortSignal,
): Promise<Page<ObjectMetadata>> => {
  const page = await listPage(asker, question, METADATA_ONLY, signal);
  return { ...page, items: page.items.map(readMetadata) };
};

/** Lists whole objects. Throws as `KubernetesReader` says. */
export const listObjects = (
  asker: Asker,
  question: ListQuestion,
  signal?: AbortSignal,
): Promise<Page<unknown>> => listPage(asker, question, 'application/json', signal);

const pathOf = ({ resource: { group, version, resource }, namespace = '' }: ListQuestion): string => {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${resource}`;
};

const listPage = async (
  asker: Asker,
  question: ListQuestion,
  accept: string,
  signal: AbortSignal | undefined,
): Promise<Page<unknown>> => {
  const ask = async (next: string | undefined): Promise<Page<unknown>> => {
    const { labelSelector, fieldSelector, limit = PAGE_LIMIT, namespace } = question;
    const name = nameResource(question.resource);
    const action = `list ${name}${namespace ? ` in namespace ${namespace}` : ''}`;
    const query = { limit: String(limit), labelSelector, fieldSelector, continue: next };
    const raw = { action, permission: `list ${name}`, path: pathOf(question), query, accept };
    return toPage(action, await askKubernetes(asker, raw, signal, readJson));
  };
  if (question.next === undefined) return ask(undefined);
  try {
    return await ask(question.next);
  } catch (error) {
    const expired = readExpired(error);
    if (!expired) throw error;
    return expired.next === undefined
      ? { ...(await ask(undefined)), restarted: true }
      : { ...(await ask(expired.next)), resumed: true };
  }
};

const toPage = (action: string, body: unknown): Page<unknown> => {
  const parsed = List.safeParse(body);
  if (!parsed.success) {
    // A proxy in between, or an aggregated API server in trouble.
    throw new TransientError('kubernetes.unavailable', `Could not ${action}: the answer is no list.`);
  }
  const { metadata, items } = parsed.data;
  return { items: items ?? [], ...(metadata.continue ? { next: metadata.continue } : {}) };
};

const Status = z.object({ metadata: z.object({ continue: z.string().min(1).optional() }).optional() });

/**
 * A continue token is good for 5 to 15 minutes, until etcd is compacted; then the API server answers 410, and gives
 * a token with which the list goes on as of now:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses
 */
const readExpired = (error: unknown): { readonly next?: string } | undefined => {
  const exception = findApiException(error);
  if (exception?.code !== 410) return undefined;
  const { data } = Status.safeParse(parse(exception.body));
  const next = data?.metadata?.continue;
  return next === undefined ? {} : { next };
};

const parse = (body: unknown): unknown => {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
};
