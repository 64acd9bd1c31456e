import type { UpgradeReport } from '../../../records/upgrade/report.ts';
import { sayDay } from '../result-words.ts';
import { sayDays, saySupport, sayUsd, sayWaiting } from '../support-text.ts';
import { html, type Markup } from './markup.ts';
import { drawTimeline } from './timeline.ts';

/** By when: the calendar as a drawing, and in three figures what waiting means. */
export const renderSupport = (report: UpgradeReport): Markup | undefined => {
  const { support } = report;
  // Manifests alone stand in no calendar.
  if (support.calendar.length === 0) return undefined;
  return html`<section class="support" aria-labelledby="support">
<h2 id="support">By when</h2>
<div class="columns">
<div>${drawTimeline(report)}</div>
<div class="figures">${figuresOf(report).map(
    ({ figure, label }) => html`<p class="figure"><b>${figure}</b><span>${label}</span></p>`,
  )}</div>
</div>
<p class="note">${saySupport(support)} ${sayWaiting(support).join(' ')}</p>
</section>`;
};

interface Figure {
  readonly figure: string;
  readonly label: string;
}

const figuresOf = ({ support }: UpgradeReport): Figure[] => {
  const { state, daysLeft, cost, forcedFrom, supportType } = support;
  if (state === 'unknown' || !daysLeft) return [{ figure: '?', label: 'days of support left' }];
  // With the policy STANDARD no surcharge is ever paid: EKS moves the control plane instead.
  const isMoved = supportType === 'STANDARD';
  const end = state === 'standard' || isMoved ? 'standard' : 'extended';
  const days = daysLeft[end];
  return [
    {
      figure: sayDays(Math.abs(days)),
      label: days < 0 ? 'since the end of support' : `of ${end} support left`,
    },
    ...(isMoved
      ? []
      : [
          {
            figure: sayUsd(cost.perMonth),
            label: `a month for ${state === 'standard' ? 'staying longer than that' : 'staying'}`,
          },
        ]),
    ...(forcedFrom === undefined
      ? []
      : [{ figure: sayDay(forcedFrom), label: 'EKS may upgrade it by itself from then on' }]),
  ];
};
