// Sign with a finger, a pen or a mouse. The drawing goes as a PNG into the form's own file field "signature":
// without this file a photograph of the signature can be chosen there, as always.
const INK = "#10204a";
const WIDTH = 2.6; // CSS pixels.

function setUp(pad) {
  const canvas = pad.querySelector("canvas");
  const status = pad.querySelector("[data-signature-status]");
  const input = pad.closest("form")?.querySelector('input[type="file"][name="signature"]');
  const pen = canvas?.getContext?.("2d");
  if (!input || !pen || typeof DataTransfer === "undefined") return;

  let strokes = []; // Each a list of points, from 0 to 1 of the canvas's width.
  let ours = false; // The file in the field is our drawing.
  let written = null; // The drawing that is just being made into a file.

  const say = (text) => { if (status) status.textContent = text ?? ""; };

  function paint() {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.fillStyle = "#fff"; // Ink on paper also in the dark: the office sees it on white.
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: INK, lineWidth: WIDTH * scale, lineCap: "round", lineJoin: "round" });
    for (const points of strokes) {
      pen.beginPath();
      points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.width));
      if (points.length === 1) pen.lineTo(points[0][0] * canvas.width + 0.1, points[0][1] * canvas.width);
      pen.stroke();
    }
  }

  function put(files) {
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    ours = files.length > 0;
  }

  // After every stroke: the field then holds the drawing already when the form is sent.
  function attach() {
    if (!strokes.length) {
      if (ours) put([]);
      say(pad.dataset.empty);
      return;
    }
    const drawn = strokes;
    const writing = new Promise((done) => canvas.toBlob(done, "image/png")).then((blob) => {
      if (written === writing) written = null;
      if (!blob || strokes !== drawn) return; // Something was drawn or cleared since.
      put([new File([blob], "signature.png", { type: "image/png" })]);
      say(pad.dataset.attached);
    });
    written = writing;
  }

  function change(next) {
    strokes = next;
    paint();
    attach();
  }

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.width];
  };
  let current = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || current) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [point(event)];
    strokes = [...strokes, current];
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) current.push(point(part));
    paint();
  });
  const finish = () => {
    if (!current) return;
    current = null;
    attach();
  };
  canvas.addEventListener("pointerup", finish);
  canvas.addEventListener("pointercancel", finish);
  pad.querySelector("[data-signature-clear]")?.addEventListener("click", () => change([]));
  pad.querySelector("[data-signature-undo]")?.addEventListener("click", () => change(strokes.slice(0, -1)));
  input.addEventListener("change", () => { // A file was chosen instead: the drawing gives way.
    ours = false;
    strokes = [];
    paint();
    say("");
  });
  input.form.addEventListener("submit", (event) => {
    if (!written) return;
    event.preventDefault(); // The last stroke is still being written: wait for it, then send.
    written.then(() => input.form.requestSubmit(event.submitter));
  });
  new ResizeObserver(() => { if (canvas.clientWidth) paint(); }).observe(canvas);
  pad.hidden = false;
  paint();
}

document.querySelectorAll("[data-signature-pad]").forEach(setUp);
