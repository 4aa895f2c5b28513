import { useEffect, useRef, useState } from "react";

interface CameraProps {
  onPicture: (video: HTMLVideoElement) => void;
  onProblem: (error: unknown) => void;
}

/** Shows what the camera sees, and gives the picture of the moment at which its button is pressed. */
export function Camera({ onPicture, onProblem }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream>();

  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream ?? null;
    // The camera's light goes out when the component goes.
    return () => stream?.getTracks().forEach((track) => track.stop());
  }, [stream]);

  async function start() {
    try {
      setStream(await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }));
    } catch (error) {
      onProblem(new Error(`The camera cannot be used: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  if (stream === undefined) {
    return (
      <button type="button" onClick={start}>
        Use the camera
      </button>
    );
  }
  return (
    <div className="camera">
      <video ref={video} autoPlay muted playsInline />
      <button type="button" onClick={() => video.current !== null && onPicture(video.current)}>
        Classify this
      </button>
      <button type="button" onClick={() => setStream(undefined)}>
        Stop
      </button>
    </div>
  );
}
