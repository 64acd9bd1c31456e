import { parseWebhookSecret } from '../../clients/webhook-secrets.ts';
import { type Check, fail, notChecked, pass } from './check.ts';
import type { SiteSubject, SourceSubject } from './subject.ts';

/** What a run needs of a source: a secret that proves something, and a door that asks for it. */
export const sourceChecks: readonly Check<SourceSubject>[] = [
  {
    name: 'secret',
    async run({ at, source }) {
      const { secret } = source.auth;
      const valid = parseWebhookSecret(await at.instruments.readSecret(secret, at.site.region), secret);
      return pass(valid.length > 1 ? `${secret}, which rotates: two are valid` : secret);
    },
  },
  {
    name: 'door',
    async run({ at, name }) {
      const { exposure } = at.site.webhook;
      if (exposure === 'none') {
        return fail(
          `site ${at.name} has no webhook, so this source can post nowhere`,
          `Write sites.${at.name}.webhook.exposure: public (or private) and deploy, or remove the source.`,
        );
      }
      const base = (await at.outputs())?.['DeploymentWebhookUrl'];
      if (base === undefined) return notChecked(`waits for "stack" of site ${at.name}`, 'npm run deploy');
      const url = `${base}/hooks/${name}`;
      const status = await at.instruments.knock(url);
      return judgeAnswer(status, url, at);
    },
  },
];

/** A stranger, who knows no secret, is to be refused, and by the door itself. */
const judgeAnswer = (status: number, url: string, { name, site }: SiteSubject) => {
  if (status === 401) return pass(`${url} answers, and asks for the secret`);
  if (status === 403 || status === 429) {
    return notChecked(`${url} answers ${status}: the gateway let us not through to the door`);
  }
  if (status < 300) {
    return fail(
      `${url} takes events of strangers (${status})`,
      'Take it off the net until it is mended: set exposure to none and deploy.',
    );
  }
  if (status === 503) {
    return fail(
      `${url} answers 503: the door cannot read its secret or reach its queue`,
      `Its log says which: aws logs tail --region ${site.region} /drydock/${name}/deployment/receive-webhook`,
    );
  }
  return fail(`${url} answers ${status}, where 401 was expected`, 'npm run deploy');
};
