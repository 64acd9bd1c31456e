import * as z from 'zod';
import { parseWebhookSecret } from '../../clients/webhook-secrets.ts';
import type { Source } from '../../records/configuration.ts';
import { signWebhook } from '../../rules/webhook-authentication.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { type Check, fail, notChecked, pass } from '../doctor/check.ts';
import type { Verification } from './subject.ts';

/** The door answers a stranger and a sender as it should. */

/** `.invalid` is kept free by RFC 2606: no registry, and so no target, can ever have it. */
const NOBODYS_IMAGE = 'drydock.invalid/verify';

export const doorChecks: readonly Check<Verification>[] = [
  {
    name: 'stranger',
    needs: ['stack'],
    async run(at) {
      const [name = 'none'] = Object.keys(at.configuration.sources);
      const url = await hookUrl(at, name);
      const { status } = await at.tools.post(url, '{}');
      return status === 401
        ? pass('an event without a secret is refused with 401')
        : fail(`${url} answered ${status} to an event without a secret, not 401`, LOOK_AT_LOG);
    },
  },
  {
    name: 'sender',
    needs: ['stack'],
    async run(at) {
      const [first] = Object.entries(at.configuration.sources).toSorted(nativeFirst);
      if (!first) return notChecked(`site ${at.name} has no source`, 'Write one below sources and deploy.');
      const [name, source] = first;
      const body = source.kind === 'native' ? nativeEvent(at.runId) : JSON.stringify({ events: [] });
      const secrets = await at.tools.readSecret(source.auth.secret, at.site.region);
      const [secret = ''] = parseWebhookSecret(secrets, source.auth.secret);
      const headers = prove(source, secret, body, at);
      const url = await hookUrl(at, name);
      const answer = await at.tools.post(url, body, { 'content-type': 'application/json', ...headers });
      return judge(source, answer, `${name} at ${url}`);
    },
  },
];

const LOOK_AT_LOG = 'The log of the function receive-webhook says why; `npm run doctor` tests its parts.';

const hookUrl = async ({ outputs, webhookUrl }: Verification, source: string): Promise<string> => {
  const base = webhookUrl ?? (await outputs())['DeploymentWebhookUrl'];
  if (base !== undefined) return `${base.replace(/\/$/, '')}/hooks/${source}`;
  throw new RefusedError(
    'verify.no-webhook',
    'The stack tells no address of a webhook; deploy again, or name it with --webhook.',
  );
};

/** A native event says more about the door than an empty envelope, which is all that is harmless of the others. */
const nativeFirst = ([, a]: [string, Source], [, b]: [string, Source]): number =>
  Number(b.kind === 'native') - Number(a.kind === 'native');

const nativeEvent = (runId: string): string => JSON.stringify({ image: NOBODYS_IMAGE, tag: runId });

const prove = (source: Source, secret: string, body: string, at: Verification): Record<string, string> => {
  const { auth } = source;
  if (auth.type === 'bearer') {
    return { [auth.header]: auth.header.toLowerCase() === 'authorization' ? `Bearer ${secret}` : secret };
  }
  const timestamp = String(Math.floor(at.tools.clock.now().getTime() / 1000));
  const signature = signWebhook(secret, at.runId, timestamp, new TextEncoder().encode(body));
  if (signature === undefined) {
    throw new RefusedError(
      'secret.malformed',
      `The secret ${auth.secret} is no key of a Standard Webhooks signature; put one of \`openssl rand -base64 32\`.`,
    );
  }
  return { 'webhook-id': at.runId, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
};

const Outcomes = z.object({
  outcomes: z.array(z.object({ outcome: z.string(), reason: z.string().optional() })),
});

const judge = (source: Source, answer: { status: number; body: string }, where: string) => {
  if (answer.status !== 200) {
    return fail(`${where} answered ${answer.status} to a sender that proved itself`, LOOK_AT_LOG);
  }
  const parsed = Outcomes.safeParse(parseJson(answer.body));
  const [first] = parsed.data?.outcomes ?? [];
  if (source.kind !== 'native') return pass(`${where} took an empty envelope`);
  return first?.outcome === 'ignored'
    ? pass(`${where} took an event and ignored it: ${first.reason ?? 'no reason'}`)
    : fail(`${where} answered ${first?.outcome ?? 'no outcome'} for an image of nobody`, LOOK_AT_LOG);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
