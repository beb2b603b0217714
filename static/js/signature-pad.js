// Sign with a finger, a pen, a mouse or the keyboard: the drawing goes into the form's file field "signature".
const INK = "#10204a";
const CURSOR = "#b3002d";
const WIDTH = 2.6; // CSS pixels
const STEP = 4;
const LARGE_STEP = 16;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function setUp(pad) {
  const canvas = pad.querySelector("canvas");
  const status = pad.querySelector("[data-signature-status]");
  const input = pad.closest("form")?.querySelector('input[type="file"][name="signature"]');
  const pen = canvas?.getContext?.("2d");
  if (!input || !pen || typeof DataTransfer === "undefined") return;

  let strokes = []; // Lists of points, in widths of the canvas.
  let ours = false; // The file in the field is our drawing.
  let written = null; // The file that is being made.
  let current = null;
  let tip = null; // Of the keyboard's pen.
  let keyed = false;

  const say = (text) => { if (status) status.textContent = text ?? ""; };

  function paint() {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.fillStyle = "#fff"; // Also in the dark.
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: INK, lineWidth: WIDTH * scale, lineCap: "round", lineJoin: "round" });
    for (const points of strokes) {
      pen.beginPath();
      points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.width));
      if (points.length === 1) pen.lineTo(points[0][0] * canvas.width + 0.1, points[0][1] * canvas.width);
      pen.stroke();
    }
    return scale;
  }

  // A ring around the keyboard's pen; no part of the drawing.
  function show() {
    const scale = paint();
    if (!keyed) return;
    Object.assign(pen, { strokeStyle: CURSOR, fillStyle: CURSOR, lineWidth: 2 * scale });
    pen.beginPath();
    pen.arc(tip[0] * canvas.width, tip[1] * canvas.width, 7 * scale, 0, 2 * Math.PI);
    pen.stroke();
    pen.beginPath();
    pen.arc(tip[0] * canvas.width, tip[1] * canvas.width, (current ? 4 : 1.5) * scale, 0, 2 * Math.PI);
    pen.fill();
  }

  function put(files) {
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    ours = files.length > 0;
  }

  function attach(done = "") {
    if (!strokes.length) {
      if (ours) put([]);
      say(`${done} ${pad.dataset.empty}`);
      return show();
    }
    const drawn = strokes;
    if (done) say(done);
    paint();
    const writing = new Promise((made) => canvas.toBlob(made, "image/png")).then((blob) => {
      if (written === writing) written = null;
      if (!blob || strokes !== drawn) return; // Changed since.
      put([new File([blob], "signature.png", { type: "image/png" })]);
      say(`${done} ${pad.dataset.attached}`);
    });
    written = writing;
    show();
  }

  function change(next, done) {
    current = null;
    strokes = next;
    attach(done);
  }

  function begin(where) {
    current = [where];
    strokes = [...strokes, current];
    show();
  }

  function finish(done) {
    if (!current) return;
    current = null;
    attach(done);
  }

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.width];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || current) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    keyed = false;
    begin(point(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || keyed) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) current.push(point(part));
    paint();
  });
  canvas.addEventListener("pointerup", () => keyed || finish());
  canvas.addEventListener("pointercancel", () => keyed || finish());

  function move([x, y], step) {
    const { clientWidth: width, clientHeight: height } = canvas;
    const inside = (place, most) => Math.min(Math.max(place, WIDTH / width), most - WIDTH / width);
    tip = [inside(tip[0] + (x * step) / width, 1), inside(tip[1] + (y * step) / width, height / width)];
    current?.push(tip);
    show();
  }
  canvas.addEventListener("keydown", (event) => {
    const erases = event.key === "Backspace" || event.key === "Delete";
    if (event.ctrlKey || event.altKey || event.metaKey || !(erases || event.key === " " || event.key in ARROWS)) return;
    event.preventDefault(); // Else the page would scroll.
    keyed = true;
    if (event.key in ARROWS) return move(ARROWS[event.key], event.shiftKey ? LARGE_STEP : STEP);
    if (event.repeat) return;
    if (erases) return change(strokes.slice(0, -1), pad.dataset.removed);
    if (current) return finish(pad.dataset.up);
    begin(tip);
    say(pad.dataset.down);
  });
  canvas.addEventListener("focus", () => {
    tip ??= [0.1, canvas.clientHeight / canvas.clientWidth / 2];
    keyed = canvas.matches(":focus-visible");
    show();
  });
  canvas.addEventListener("blur", () => {
    if (keyed) finish(pad.dataset.up);
    keyed = false;
    paint();
  });
  pad.querySelector("[data-signature-clear]")?.addEventListener("click", () => change([]));
  pad.querySelector("[data-signature-undo]")?.addEventListener("click", () => change(strokes.slice(0, -1)));
  input.addEventListener("change", () => { // A file was chosen instead.
    ours = false;
    current = null;
    strokes = [];
    paint();
    say("");
  });
  input.form.addEventListener("submit", (event) => {
    if (!written) return;
    event.preventDefault(); // The last stroke is still being written.
    written.then(() => input.form.requestSubmit(event.submitter));
  });
  new ResizeObserver(() => { if (canvas.clientWidth) show(); }).observe(canvas);
  pad.hidden = false;
  paint();
}

document.querySelectorAll("[data-signature-pad]").forEach(setUp);
