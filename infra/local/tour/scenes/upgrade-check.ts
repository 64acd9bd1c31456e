import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import type { Finding } from '../../../../functions/records/upgrade/finding.ts';
import { reportKind, type UpgradeReport } from '../../../../functions/records/upgrade/report.ts';
import { CLUSTER } from '../../world/configuration.ts';
import type { Scene } from '../scene.ts';
import { troubleCluster } from '../troubles.ts';
import { waitUntil } from '../wait-until.ts';

const Output = z.object({
  worst: z.string(),
  clusters: z.array(
    z.object({ outcome: z.string(), key: z.string().default(''), page: z.string().default('') }),
  ),
});

/** More findings than these are on the page. */
const SHOWN = 5;

/** The daily check of every cluster, run by hand on a cluster that is not ready for its next version. */
export const upgradeCheck: Scene = {
  title: 'What the next version breaks',
  needsLocalCluster: 'it puts things into the cluster that belong in none',
  play: async (stage) => {
    const { terminal, executions, ledger, world } = stage;
    await troubleCluster(world);
    const input = { cluster: CLUSTER, target: '1.37' };
    terminal.say('Each day, or when a person starts the upgrade-check machine, here with');
    terminal.quote(JSON.stringify(input));
    const told = (await stage.notices()).length;
    const output = await executions.run(world.site.machines.upgradeCheck, input);
    const [checked] = Output.parse(output).clusters;
    const report = checked?.key ? await ledger.read(reportKind, checked.key) : undefined;
    if (!checked || !report) {
      return stage.confirm('there is a report about the cluster', false, JSON.stringify(output));
    }

    const { current, target, counts } = report;
    terminal.say(
      `${report.checks.length} checks of ${current} on its way to ${target}: ${counts.pass} pass, ` +
        `${counts.block} findings block, ${counts.warn} warn, ${counts.notChecked} could not be checked:`,
    );
    for (const finding of chooseShown(report)) {
      terminal.event('', WORDS[finding.result], `${finding.subject}: ${finding.message}`);
    }
    stage.confirm(
      'what blocks is known by name, and each finding says what to do',
      TROUBLES.every((subject) => blocks(report, subject)) &&
        report.findings.every(({ remedy }) => remedy.text !== ''),
      report.findings.map(({ subject, result }) => `${subject} ${result}`).join(', '),
    );
    const message = await waitUntil('the message is in the inbox', async () =>
      (await stage.notices()).slice(told).find(({ subject }) => subject.includes(CLUSTER)),
    );
    terminal.say('The person who is subscribed reads:');
    terminal.quote(message.subject);
    const page = join(world.folder, 'upgrade-report.html');
    await writeFile(page, await ledger.page(checked.page));
    terminal.command('The whole report, one page that needs nothing else:', pathToFileURL(page).href);
  },
};

const WORDS = { block: 'blocks', warn: 'warns', 'not-checked': 'not checked' } as const;

/** What the scene put into the cluster, and what a report must say of it. */
const TROUBLES = ['VolumeAttributesClass gold', 'PodDisruptionBudget shop/web'] as const;

const blocks = ({ findings }: UpgradeReport, subject: string): boolean =>
  findings.some((finding) => finding.subject === subject && finding.result === 'block');

/** One of each check first, the worst first: they come in that order. */
const chooseShown = ({ findings }: UpgradeReport): Finding[] => {
  const first = Map.groupBy(findings, ({ check }) => check).values();
  const order = ['block', 'warn', 'not-checked'];
  return [...first]
    .flatMap(([finding]) => finding ?? [])
    .toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result))
    .slice(0, SHOWN);
};
