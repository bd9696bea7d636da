//! Figures as pictures: bars and lines in SVG (W3C, "Scalable Vector Graphics 2"). It does not know what they show.
//!
//! Nothing is painted behind them, and every colour stands out from white and from black, so that the
//! pictures suit pages in both.

use std::fmt::Write as _;

use super::target::grouped;

const WIDTH: f64 = 720.0;
const INK: &str = "#7a7f87";
const FAINT: &str = "#7a7f8755";
const COLOURS: [&str; 5] = ["#e0653a", "#3d8bd4", "#4c9a5b", "#9a6bd0", "#b8871f"];

/// A line of points, in the order of the first coordinate.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// One bar for each figure; the first is ours.
pub(crate) fn bars(title: &str, figures: &[(String, f64)], digits: usize) -> String {
    const STEP: f64 = 34.0;
    const LEFT: f64 = 120.0;
    const TOP: f64 = 46.0;
    let largest = figures
        .iter()
        .map(|(_, figure)| *figure)
        .fold(0.0, f64::max);
    let room = WIDTH - LEFT - 110.0;
    let mut svg = open(title, TOP + STEP * figures.len() as f64 + 10.0);
    for (at, (name, figure)) in figures.iter().enumerate() {
        let y = TOP + STEP * at as f64;
        let width = if largest > 0.0 {
            figure / largest * room
        } else {
            0.0
        };
        let colour = if at == 0 { COLOURS[0] } else { COLOURS[1] };
        text(&mut svg, (LEFT - 10.0, y + 16.0), "end", &escaped(name));
        add(
            &mut svg,
            &format!(
                r#"<rect x="{LEFT}" y="{y}" width="{width:.1}" height="22" rx="3" fill="{colour}"/>"#
            ),
        );
        let value = grouped(*figure, digits);
        text(&mut svg, (LEFT + width + 8.0, y + 16.0), "start", &value);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Lines over one axis, whose steps are factors: costs are looked at over orders of magnitude.
pub(crate) fn lines(title: &str, across: &str, lines: &[Line]) -> String {
    const HEIGHT: f64 = 360.0;
    let frame = Frame::around(lines, HEIGHT);
    let mut svg = open(title, HEIGHT);
    frame.grid(&mut svg, lines);
    text(
        &mut svg,
        (WIDTH / 2.0, HEIGHT - 8.0),
        "middle",
        &escaped(across),
    );
    for (at, line) in lines.iter().enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let points: Vec<String> = line
            .points
            .iter()
            .map(|point| {
                let (x, y) = frame.place(*point);
                format!("{x:.1},{y:.1}")
            })
            .collect();
        add(
            &mut svg,
            &format!(
                r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2.5"/>"#,
                points.join(" ")
            ),
        );
        for point in &line.points {
            let (x, y) = frame.place(*point);
            add(
                &mut svg,
                &format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="4" fill="{colour}"/>"#),
            );
        }
        let y = 44.0 + 18.0 * at as f64;
        add(
            &mut svg,
            &format!(
                r#"<rect x="90" y="{:.0}" width="12" height="12" rx="2" fill="{colour}"/>"#,
                y - 10.0
            ),
        );
        text(&mut svg, (108.0, y), "start", &escaped(&line.name));
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where the lines are drawn, and what its edges mean.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    first: f64,
    last: f64,
    highest: f64,
}

impl Frame {
    fn around(lines: &[Line], height: f64) -> Self {
        let points = || lines.iter().flat_map(|line| &line.points);
        let first = points().map(|point| point.0).fold(f64::INFINITY, f64::min);
        let last = points().map(|point| point.0).fold(1.0, f64::max);
        let highest = points().map(|point| point.1).fold(0.0, f64::max);
        Self {
            left: 80.0,
            right: WIDTH - 48.0,
            top: 48.0 + 18.0 * lines.len() as f64,
            bottom: height - 54.0,
            first: first.max(1e-9),
            last,
            highest: round_up(highest),
        }
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let span = (self.last / self.first).ln();
        let along = if span > 0.0 {
            (x / self.first).ln() / span
        } else {
            0.5
        };
        (
            self.left + along * (self.right - self.left),
            self.bottom - y / self.highest * (self.bottom - self.top),
        )
    }

    fn grid(&self, svg: &mut String, lines: &[Line]) {
        for part in 0..=4 {
            let value = self.highest * f64::from(part) / 4.0;
            let (_, y) = self.place((self.first, value));
            let (left, right) = (self.left, self.right);
            add(
                svg,
                &format!(
                    r#"<line x1="{left}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="{FAINT}"/>"#
                ),
            );
            let digits = if self.highest < 10.0 { 2 } else { 0 };
            text(svg, (left - 8.0, y + 4.0), "end", &grouped(value, digits));
        }
        for (x, _) in lines.first().map_or(&[][..], |line| &line.points) {
            let (at, _) = self.place((*x, 0.0));
            text(svg, (at, self.bottom + 20.0), "middle", &grouped(*x, 0));
        }
    }
}

/// The next figure with one digit before its zeros that is 1, 2, 4 or 8 and is no less.
fn round_up(figure: f64) -> f64 {
    if figure <= 0.0 {
        return 1.0;
    }
    let scale = 10_f64.powf(figure.log10().floor());
    let steps = [1.0, 2.0, 4.0, 8.0, 10.0].map(|step| step * scale);
    steps
        .into_iter()
        .find(|step| *step >= figure)
        .unwrap_or(figure)
}

fn open(title: &str, height: f64) -> String {
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13" fill="{INK}" role="img">"#
    );
    svg.push('\n');
    let title = escaped(title);
    add(&mut svg, &format!("<title>{title}</title>"));
    add(
        &mut svg,
        &format!(r#"<text x="10" y="22" font-size="15" font-weight="600">{title}</text>"#),
    );
    svg
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, words: &str) {
    add(
        svg,
        &format!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{words}</text>"#),
    );
}

fn add(svg: &mut String, element: &str) {
    // A String takes all that is written.
    writeln!(svg, "{element}").ok();
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}
