# For instructors: dlgrade with the solutions beside it and bubblewrap (docs/instructor/container.md).
FROM python:3.11-slim

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/*

# PyTorch's build for the CPU, before anything else can bring the one with CUDA.
RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu 'torch>=2.6,<2.14'

WORKDIR /opt/dlgrade
COPY pyproject.toml README.md LICENSE ./
COPY docs/student/topics docs/student/topics
COPY exercises exercises
COPY quizzes quizzes
COPY solutions solutions
COPY examples/class examples/class
COPY grader grader
RUN pip install --no-cache-dir -e '.[class]'

WORKDIR /class
ENTRYPOINT ["dlgrade"]
CMD ["--help"]
