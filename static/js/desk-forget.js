// The page after logging out: nothing of the desk stays in this browser (the server keeps unsaved work for its owner).
import { forgetAll } from "./desk-copies.js";

forgetAll();
