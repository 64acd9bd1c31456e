import type { Executions } from '../../clients/executions.ts';
import type { Ledger } from '../../clients/ledger.ts';
import type { SiteInspection } from '../../clients/site-inspection.ts';
import type { WebhookAnswer } from '../../clients/webhook-probe.ts';
import type { Configuration, Site } from '../../records/configuration.ts';
import type { Clock } from '../../runtime/clock.ts';

/** The rest of the world, as a verification needs it; each acts with the credentials of whoever runs it. */
export interface VerificationTools {
  inspectSite(region: string): Pick<SiteInspection, 'readStackOutputs' | 'readTopic'>;
  readSecret(reference: string, region: string): Promise<string>;
  post(url: string, body: string, headers?: Readonly<Record<string, string>>): Promise<WebhookAnswer>;
  openExecutions(region: string): Pick<Executions, 'start' | 'describe'>;
  openLedger(bucket: string, region: string): Pick<Ledger, 'claim' | 'read' | 'remove'>;
  readonly clock: Clock;
}

/** One verification of one deployed site. */
export interface Verification {
  readonly name: string;
  readonly site: Site;
  /** What belongs to the site. */
  readonly configuration: Configuration;
  readonly tools: VerificationTools;
  /** What the deployed stack tells of itself; asked once. Empty when there is no such stack. */
  readonly outputs: () => Promise<Readonly<Record<string, string>>>;
  /** Where the webhook answers, when that is not the address that the stack tells. */
  readonly webhookUrl: string | undefined;
  /** Names what this run starts and writes. */
  readonly runId: string;
}
