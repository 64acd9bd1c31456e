import type { Remedy } from '../../../records/upgrade/finding.ts';
import type { UpgradeReport } from '../../../records/upgrade/report.ts';
import { listTasks, sumUpSubjects, type Task } from '../finding-order.ts';
import { html, type Markup, safeLink } from './markup.ts';

/** Tasks that are listed; the table below has all. */
const MAX_TASKS = 5;

/** In which order: what blocks, what keeps from knowing, and then the upgrade itself. */
export const renderTasks = (report: UpgradeReport): Markup => {
  const tasks = [...listTasks(report, 'block'), ...listTasks(report, 'not-checked')];
  const more = tasks.length - MAX_TASKS;
  return html`<section class="tasks" aria-labelledby="tasks">
<h2 id="tasks">In this order</h2>
<ol>
${tasks.slice(0, MAX_TASKS).map(renderTask)}
${more > 0 && html`<li class="more"><a href="#findings">${more} more below</a></li>`}
${renderUpgrade(report)}
</ol>
</section>`;
};

const renderTask = (task: Task): Markup => {
  const { first, more } = sumUpSubjects(task);
  return html`<li class="${task.findings[0].result}">
<p class="subject">${first}${more > 0 && html` <span class="dim">and ${more} more</span>`}</p>
${renderRemedy(task.remedy)}
</li>`;
};

/** What to do: the sentence, the command to be copied, the page to be read. */
export const renderRemedy = ({ text, command, link }: Remedy): Markup => {
  const address = link === undefined ? undefined : safeLink(link);
  return html`<p class="remedy">${text}${
    address !== undefined &&
    html` <a href="${address}" rel="noreferrer noopener" target="_blank">Read more</a>`
  }</p>${command !== undefined && renderCommand(command)}`;
};

/** A command with a button that copies it. */
const renderCommand = (command: string): Markup =>
  html`<div class="command"><code>${command}</code><button type="button" class="copy">Copy</button></div>`;

/** Where Drydock runs, its machine plans and carries out; from a terminal the next step is EKS's own command. */
const renderUpgrade = ({ execution, cluster, region, target, steps }: UpgradeReport): Markup => {
  const [next = target] = steps;
  const plan = JSON.stringify({ cluster, target, by: '<you>', why: '<why>' });
  return execution
    ? html`<li><p class="subject">Upgrade</p><p class="remedy">Start the machine <b>upgrade</b> with this input. It plans, and changes nothing until a person says so.</p>${renderCommand(plan)}</li>`
    : html`<li><p class="subject">Upgrade</p><p class="remedy">One minor version at a time, the control plane first, then add-ons and nodes. Whoever owns the version (Terraform, eksctl, CDK) changes it there; otherwise:</p>${renderCommand(`aws eks update-cluster-version --name ${cluster} --region ${region} --kubernetes-version ${next}`)}</li>`;
};
