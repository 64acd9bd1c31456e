import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Pushed, Stage } from './stage.ts';
import { SceneFailed } from './wait-until.ts';

/** Announces an image as a CI job does: a small JSON body, signed as Standard Webhooks says. */
export const announce = async ({ world }: Stage, { image }: Pushed): Promise<void> => {
  const body = JSON.stringify({ image });
  const id = randomUUID();
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(world.secrets.pipelines).sign(id, now, body),
  };
  const response = await fetch(`${world.site.webhookUrl}/hooks/pipelines`, { method: 'POST', headers, body });
  const answer = await response.text();
  if (!response.ok) throw new SceneFailed(`The webhook for pipelines answered ${response.status}: ${answer}`);
};
