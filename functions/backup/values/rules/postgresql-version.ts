import type { ChartMajor } from '../chart-defaults.ts';
import type { ValuesVerdict } from '../finding.ts';
import { quote } from '../quotation.ts';
import type { ValuesRule } from '../rule.ts';

/** Source: GitLab documentation, "GitLab installation requirements", PostgreSQL. */
const NEEDED: Readonly<Record<ChartMajor, readonly [major: number, minor: number]>> = {
  9: [16, 5],
  10: [17, 0],
};

const PATH = 'global.psql.host';
const TAG = 'postgresql.image.tag';

/** The version of PostgreSQL against what GitLab 18 (chart 9) and GitLab 19 (chart 10) need. */
export const postgresqlVersion: ValuesRule = {
  code: 'postgresql-version',
  title: 'PostgreSQL is as new as this GitLab needs it',
  judge: (values, { postgresql, chart }) => {
    const isBundled = values.isOn('postgresql.install') && !values.isOn(PATH);
    const written = isBundled ? values.text(TAG) : postgresql;
    // The chart's own server without a tag is the one that it was tested with.
    if (written === undefined) return isBundled || !values.isOn(PATH) ? [] : [UNKNOWN];
    const [, major, minor] = /^v?(\d{1,3})(?:\.(\d{1,3}))?/.exec(written) ?? [];
    if (major === undefined) return [UNKNOWN];
    const isOlder = ([needed, neededMinor]: readonly [number, number]): boolean =>
      Number(major) < needed ||
      (Number(major) === needed && minor !== undefined && Number(minor) < neededMinor);
    const majors = chart === undefined ? ([9, 10] as const) : [chart];
    const lacking = majors.filter((one) => isOlder(NEEDED[one]));
    const path = isBundled ? TAG : PATH;
    return lacking.length === 0 ? [] : [say(path, written, lacking, lacking.length === majors.length)];
  },
};

const say = (
  path: string,
  version: string,
  majors: readonly ChartMajor[],
  isSure: boolean,
): ValuesVerdict => {
  const needs = majors.map((one) => `GitLab ${one + 9} (chart ${one}) needs ${NEEDED[one].join('.')}`);
  return {
    severity: isSure ? 'trap' : 'risk',
    path,
    message: `PostgreSQL is ${quote(version)}, and ${needs.join(', ')}: its migrations stop half-way, and a backup can only be restored into a server that the same GitLab takes.`,
    remedy: 'Upgrade PostgreSQL first; take a verified backup before that.',
  };
};

const UNKNOWN: ValuesVerdict = {
  severity: 'not-checked',
  path: PATH,
  message: 'The database is outside of the chart, and the values do not say its version.',
  remedy: 'See which version "show server_version" tells.',
  option: 'Give it with --postgresql 17.4, and it is judged here.',
};
