/* global Chart */

import {Component, useEffect, useRef} from "@odoo/owl";
import {getColor} from "@web/core/colors/colors";
import {cookie} from "@web/core/browser/cookie";

/**
 * Bars of one or more series. A click on a bar tells its index. The axis has amounts in
 * their short form.
 */
export class OpportunityDashboardChart extends Component {
    static template = "sales_opportunity_classic.OpportunityDashboardChart";
    static props = {
        data: Object,
        isHorizontal: {type: Boolean, optional: true},
        format: Function,
        open: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.props.data)]
        );
    }

    get hasValues() {
        return this.props.data.series.some(({values}) => values.some(Boolean));
    }

    getConfig() {
        const {data, isHorizontal, format, open} = this.props;
        const axis = isHorizontal ? "x" : "y";
        return {
            type: "bar",
            data: {
                labels: data.labels,
                datasets: data.series.map((serie, index) => ({
                    label: serie.label.toString(),
                    data: serie.values,
                    backgroundColor: getColor(index, cookie.get("color_scheme"), "sm"),
                })),
            },
            options: {
                animation: false,
                indexAxis: isHorizontal ? "y" : "x",
                maintainAspectRatio: false,
                onClick: (_ev, elements) => elements.length && open(elements[0].index),
                plugins: {
                    legend: {display: data.series.length > 1},
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${format(item.parsed[axis])}`,
                        },
                    },
                },
                scales: {
                    [axis]: {
                        ticks: {
                            callback: (value) => format(value, true),
                            maxTicksLimit: 6,
                        },
                    },
                },
            },
        };
    }
}
