// The lazy chunk: ECharts with only what the two pictures need. Imported dynamically after the
// table is on the page, so that it never delays the answer.
import { BarChart, LineChart } from "echarts/charts";
import {
  GridComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import type { EChartsOption } from "echarts";

use([BarChart, LineChart, GridComponent, LegendScrollComponent, MarkAreaComponent]);
use([TooltipComponent, LabelLayout, SVGRenderer]);

/** Draws into `element` until `stop` is called; follows the element's size. */
export function draw(element: HTMLElement): {
  show: (option: EChartsOption) => void;
  stop: () => void;
} {
  const chart: EChartsType = init(element, null, { renderer: "svg" });
  const watch = new ResizeObserver(() => chart.resize());
  watch.observe(element);
  return {
    show: (option) => chart.setOption(option, { notMerge: true }),
    stop: () => {
      watch.disconnect();
      chart.dispose();
    },
  };
}
