import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { inspectSite } from '../clients/site-inspection.ts';
import { readConfigurationFile } from '../records/configuration/parse-configuration.ts';
import { formatProblems } from '../records/configuration/problem.ts';
import { describeUnknownSite } from '../records/configuration/suggestion.ts';
import type { Configuration } from '../records/configuration.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { cleanCell, outliveReader } from './terminal.ts';
import { type Line, readHistory, readTarget, type TargetNow } from './why/history.ts';
import { findPlace, type Place, type ReadStackOutputs, sitesOf } from './why/places.ts';
import { renderHistory, renderTarget, steerBy } from './why/report.ts';
import { explainUnknown, findSubject, type Subject } from './why/subject.ts';

const HELP = `Tells why an image was deployed to a target, or was not: what was decided, newest first, each with its reason.
Of a target also what it runs, holds and waits for now. Reads the ledger with your own credentials, changes nothing.

  npm run why -- <image or target> [--since <time>] [--site <name> | --bucket <name>] [--file <drydock.yaml>] [--json]

  <image>   <host>/<repository>, and with :<tag> or @<digest> only what concerns that one
  <target>  a name under deployment.targets in drydock.yaml
  --since   how far to look back: 90m, 12h, 14d (default), or a time such as 2026-11-21T08:00:00Z
  --site    look at this site only; else at the sites of the target, or of the targets that follow the image
  --bucket  the ledger bucket; then no stack is asked (default: $DRYDOCK_LEDGER_BUCKET, when it is set)
  --file    the configuration (default: drydock.yaml)
  --json    print everything as JSON
  --help    print this

Exit code: 0 something is known; 1 nothing is known; 2 wrong arguments or a drydock.yaml that is not valid; 3 the
ledger could not be read.`;

export interface WhyTools {
  readonly openLedger: (place: Place) => Pick<Ledger, 'read' | 'list'>;
  readonly readOutputs: ReadStackOutputs;
  readonly clock: Clock;
  /** Value of DRYDOCK_LEDGER_BUCKET. */
  readonly bucket: string | undefined;
  /** Columns of the terminal. */
  readonly width: number | undefined;
}

export interface WhyAnswer {
  readonly output: string;
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** Runs the command and says how it ended. */
export const runWhy = async (args: readonly string[], tools: WhyTools): Promise<WhyAnswer> => {
  const options = parseOptions(args);
  if ('mistake' in options) return { output: `${options.mistake}\n\n${HELP}`, exitCode: 2 };
  if (options.values.help) return { output: HELP, exitCode: 0 };
  const [asked, ...others] = options.positionals;
  if (asked === undefined || others.length > 0) {
    return { output: `Name one image or one target.\n\n${HELP}`, exitCode: 2 };
  }
  const { file, site, json } = options.values;
  const since = readSince(options.values.since, tools.clock.now());
  if (!since)
    return { output: `--since takes 90m, 12h, 14d or a time, not ${options.values.since}.`, exitCode: 2 };

  const bucket = options.values.bucket ?? (site === undefined ? tools.bucket : undefined);
  const parsed = await readConfigurationFile(file);
  // Whoever names the bucket needs no drydock.yaml; what it would add is left out.
  if (!parsed.ok && bucket === undefined) return { output: formatProblems(parsed.problems), exitCode: 2 };
  const configuration = parsed.ok ? parsed.configuration : undefined;
  const mistake = checkSite(site, configuration, file);
  if (mistake !== undefined) return { output: mistake, exitCode: 2 };
  const subject = findSubject(asked, configuration);
  if ('mistake' in subject) return { output: subject.mistake, exitCode: 2 };

  try {
    const places = await findPlaces(subject, { bucket, site }, configuration, tools);
    const answers = await Promise.all(places.map((place) => lookAt(subject, place, since, tools)));
    const known = answers.filter(({ lines, now }) => lines.length > 0 || now !== undefined);
    if (json) return { output: JSON.stringify(known, null, 2), exitCode: known.length > 0 ? 0 : 1 };
    if (known.length === 0) return { output: explainUnknown(asked, configuration, since), exitCode: 1 };
    return { output: known.map((answer) => render(subject, answer, tools.width)).join('\n\n'), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
    return { output: explain(error), exitCode: 3 };
  }
};

/** In a terminal the foreign error behind ours often names the very thing to mend: a region, a profile, a proxy. */
const explain = ({ message, cause }: Error): string =>
  cause instanceof Error && cause.message !== '' ? `${message} (${cleanCell(cause.message)})` : message;

interface Answer {
  readonly place: Place;
  readonly lines: readonly Line[];
  readonly now: TargetNow | undefined;
}

const findPlaces = async (
  subject: Subject,
  chosen: { bucket: string | undefined; site: string | undefined },
  configuration: Configuration | undefined,
  { readOutputs }: WhyTools,
): Promise<Place[]> => {
  if (chosen.bucket !== undefined || !configuration) return [{ bucket: chosen.bucket ?? '' }];
  const sites = chosen.site === undefined ? sitesOf(subject, configuration) : [chosen.site];
  return Promise.all(sites.map((site) => findPlace(site, configuration, readOutputs)));
};

const lookAt = async (subject: Subject, place: Place, since: Date, tools: WhyTools): Promise<Answer> => {
  const ledger = tools.openLedger(place);
  const [lines, now] = await Promise.all([
    readHistory(subject, ledger, since),
    subject.kind === 'target'
      ? readTarget(subject.name, subject.target?.environment, ledger, tools.clock.now())
      : undefined,
  ]);
  return { place, lines, now };
};

const render = (subject: Subject, { place, lines, now }: Answer, width: number | undefined): string => {
  const history =
    lines.length > 0 ? renderHistory(lines, width) : 'Nothing was decided since then (--since).';
  if (subject.kind === 'image') return history;
  const { name, target } = subject;
  return `${renderTarget(name, target, now, steerBy(place.controlMachine), width)}\n\n${history}`;
};

const checkSite = (
  site: string | undefined,
  configuration: Configuration | undefined,
  file: string,
): string | undefined => {
  const known = Object.keys(configuration?.sites ?? {});
  if (site === undefined || known.includes(site)) return undefined;
  return describeUnknownSite(file, site, known);
};

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a span back from now, or a time; undefined when it is neither. */
const readSince = (text: string, now: Date): Date | undefined => {
  const span = /^(\d{1,5})([mhd])$/.exec(text);
  const unit = span?.[2] === 'm' ? UNIT_MS.m : span?.[2] === 'h' ? UNIT_MS.h : UNIT_MS.d;
  const time = span ? now.getTime() - Number(span[1]) * unit : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
};

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        since: { type: 'string', default: '14d' },
        site: { type: 'string' },
        bucket: { type: 'string' },
        file: { type: 'string', default: 'drydock.yaml' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
};

if (import.meta.main) {
  outliveReader(process.stdout);
  const { output, exitCode } = await runWhy(process.argv.slice(2), {
    openLedger: ({ bucket, region }) => connectLedger(bucket, systemClock, region),
    readOutputs: (stack, region) => inspectSite(region).readStackOutputs(stack),
    clock: systemClock,
    bucket: process.env['DRYDOCK_LEDGER_BUCKET'],
    // A pipe has no width of its own; COLUMNS is how shells tell one.
    width: process.stdout.columns || Number(process.env['COLUMNS']) || undefined,
  });
  (exitCode >= 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
