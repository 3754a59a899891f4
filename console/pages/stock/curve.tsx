import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { date } from "../../texts/dates.ts";
import { count, number, signed } from "../../texts/numbers.ts";
import type { Usage } from "./pace.ts";

const HEIGHT = 280;
const MONTH = new Intl.DateTimeFormat("fr-FR", { month: "short", timeZone: "UTC" });
const FONT = "14px Lato, sans-serif";
const PHONE_WIDTH = 520;

/** Seconds of a day's midnight, for an axis in UTC. */
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** The stock of the school year, day by day; credits and the low level are marked. What it shows stands in the table below too. */
export function Curve({ days, start, end, today, low }: {
  days: readonly Usage[];
  start: string;
  end: string;
  today: string;
  low: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const theme = matchMedia("(prefers-color-scheme: dark)");
    let plot = draw(box.current!, { days, start, end, today, low });
    const again = () => {
      plot.destroy();
      plot = draw(box.current!, { days, start, end, today, low });
    };
    const resized = new ResizeObserver(() => {
      if (box.current && Math.abs(plot.width - box.current.clientWidth) > 1) again();
    });
    resized.observe(box.current!);
    theme.addEventListener("change", again);
    void document.fonts.ready.then(() => box.current && again());
    return () => {
      resized.disconnect();
      theme.removeEventListener("change", again);
      plot.destroy();
    };
  }, [days, start, end, today, low]);
  const credits = days.filter((point) => point.credit > 0);
  const said = `Courbe du stock depuis le ${date(start)} : ${count(days.at(-1)?.balance ?? 0, "SMS")} aujourd’hui, ${count(credits.length, "crédit")}. Les chiffres sont dans le tableau qui suit.`;
  return <div class="curve" role="img" aria-label={said} ref={box} />;
}

type Shown = Parameters<typeof Curve>[0];

function draw(box: HTMLElement, { days, start, end, today, low }: Shown): uPlot {
  const style = getComputedStyle(box);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const [navy, soft, line, attention] = [colour("--navy"), colour("--soft"), colour("--line"), colour("--attention")];
  const first = days[0];
  // What a year began with, and what it still has today.
  const points = [{ day: start, stock: first ? first.balance - first.change : 0 }, ...days.map((each) => ({ day: each.day, stock: each.balance }))];
  if (points.at(-1)!.day < today) points.push({ day: today, stock: points.at(-1)!.stock });
  const width = box.clientWidth;
  const highest = Math.max(low, ...points.map((each) => each.stock), 1);
  return new uPlot(
    {
      width,
      height: HEIGHT,
      tzDate: (seconds) => new Date(seconds * 1000 + new Date(seconds * 1000).getTimezoneOffset() * 60_000),
      legend: { show: false },
      cursor: { show: false },
      padding: [28, 8, 0, 0],
      scales: { x: { min: at(start), max: at(end) }, y: { range: [0, highest * 1.1] } },
      axes: [
        {
          stroke: soft,
          font: FONT,
          grid: { show: false },
          ticks: { stroke: line, width: 1, size: 6 },
          splits: (plot) => months(plot.scales["x"]!.min!, plot.scales["x"]!.max!, width < PHONE_WIDTH ? 2 : 1),
          values: (_, splits) => splits.map((each) => MONTH.format(new Date(each * 1000))),
        },
        {
          stroke: soft,
          font: FONT,
          size: 12 + 8 * number(Math.round(highest)).length,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          values: (_, splits) => splits.map((each) => (Number.isInteger(each) ? number(each) : "")),
        },
      ],
      series: [
        {},
        {
          stroke: navy,
          width: 2,
          fill: colour("--field"),
          points: { show: false },
          ...(uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
        },
      ],
      hooks: {
        draw: [
          (plot) => {
            level(plot, low, attention);
            for (const day of days) if (day.credit > 0) credit(plot, day, navy);
          },
        ],
      },
    },
    [points.map((each) => at(each.day)), points.map((each) => each.stock)],
    box,
  );
}

/** The first day of each month within the axis. */
function months(min: number, max: number, step: number): number[] {
  const found: number[] = [];
  const first = new Date(min * 1000);
  for (let month = first.getUTCMonth() + (first.getUTCDate() > 1 ? 1 : 0); ; month += step) {
    const seconds = Date.UTC(first.getUTCFullYear(), month, 1) / 1000;
    if (seconds > max) return found;
    found.push(seconds);
  }
}

/** The level at which managers are warned, as a dashed line with its words. */
function level(plot: uPlot, low: number, colour: string): void {
  if (low <= 0) return;
  const { ctx, bbox } = plot;
  const y = plot.valToPos(low, "y", true);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([6 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${13 * uPlot.pxRatio}px Lato, sans-serif`;
  ctx.textAlign = "right";
  ctx.fillText("niveau bas", bbox.left + bbox.width, y - 8 * uPlot.pxRatio);
  ctx.restore();
}

/** A credit: a disc on the curve with how much came in. */
function credit(plot: uPlot, of: Usage, colour: string): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(at(of.day), "x", true);
  const y = plot.valToPos(of.balance, "y", true);
  ctx.save();
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, 5 * uPlot.pxRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.font = `bold ${13 * uPlot.pxRatio}px Lato, sans-serif`;
  ctx.textAlign = x < bbox.left + 40 * uPlot.pxRatio ? "left" : x > bbox.left + bbox.width - 40 * uPlot.pxRatio ? "right" : "center";
  ctx.fillText(signed(of.credit), x, y - 11 * uPlot.pxRatio);
  ctx.restore();
}
